// @ts-check
// The origin, in a process of its own so that it does not work on the clients' time. Tells its URL to the parent.
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { bodySize, jsonBody } from './bodies.mjs';

const chunk = Buffer.alloc(64 * 1024, 'http-larder ');
/** @type {ReadonlyMap<string | undefined, string>} */
const documents = new Map([1, 10].map((kilobytes) => [`/json/${kilobytes}`, jsonBody(kilobytes)]));

const server = createServer((request, response) => {
  response.setHeader('Cache-Control', 'max-age=86400');
  const document = documents.get(request.url);
  if (document !== undefined) {
    response.setHeader('Content-Type', 'application/json');
    response.end(document);
    return;
  }
  response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': bodySize });
  Readable.from(chunks(), { objectMode: false, highWaterMark: 1024 * 1024 }).pipe(response);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') process.send?.(`http://127.0.0.1:${address?.port}`);
});
process.on('disconnect', () => process.exit());

function* chunks() {
  for (let sent = 0; sent < bodySize; sent += chunk.length) yield chunk;
}
