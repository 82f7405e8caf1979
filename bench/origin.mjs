// @ts-check
// The origin, in a process of its own so that it does not work on the clients' time. Tells its URL to the parent.
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { bodySize } from './bodies.mjs';
import { documents } from './documents.mjs';

const chunk = Buffer.alloc(64 * 1024, 'http-larder ');
let served = 0;

const server = createServer((request, response) => {
  const [path = ''] = (request.url ?? '').split('?');
  if (path === '/served') {
    response.end(String(served));
    return;
  }
  const document = documents.get(path);
  if (document !== undefined) {
    if (document.delayMs === undefined) answerWith(document, request, response);
    else setTimeout(answerWith, document.delayMs, document, request, response);
    return;
  }
  served += 1;
  response.writeHead(200, {
    'Cache-Control': 'max-age=86400',
    'Content-Type': 'application/octet-stream',
    'Content-Length': bodySize,
  });
  Readable.from(chunks(), { objectMode: false, highWaterMark: 1024 * 1024 }).pipe(response);
});
// Or a client would send a request on a connection that is being closed, when other work kept it from noticing.
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') process.send?.(`http://127.0.0.1:${address?.port}`);
});
process.on('disconnect', () => process.exit());

/**
 * @param {import('./documents.mjs').Document} document
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
function answerWith({ body, fields }, request, response) {
  if (fields['ETag'] !== undefined && request.headers['if-none-match'] === fields['ETag']) {
    response.writeHead(304, { ETag: fields['ETag'], 'Cache-Control': fields['Cache-Control'] });
    response.end();
    return;
  }
  served += 1;
  // Which of its answers this is tells whether a cache had it.
  response.writeHead(200, { ...fields, 'X-Served': served, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

function* chunks() {
  for (let sent = 0; sent < bodySize; sent += chunk.length) yield chunk;
}
