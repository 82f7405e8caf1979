import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import http from 'node:http';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Request } from 'got';
import type { Echo } from './echo.ts';
import type { GotExample } from './got-example.ts';
import { imageBytes } from './site-routes.ts';

/** The page on streams, and streams elsewhere. */
export const gotStreams: readonly GotExample[] = [
  {
    name: 'a download into a file',
    async run({ got, site, folder }) {
      await pipeline(got.stream(`${site.url}/image`), createWriteStream(`${folder}/image.png`));
      return imageBytes.equals(await readFile(`${folder}/image.png`));
    },
    gives: true,
  },
  {
    name: 'isStream',
    run: ({ got, site }) => text(got(`${site.url}/text`, { isStream: true })),
    gives: 'Hello, world!',
  },
  {
    name: 'an upload out of a file',
    async run({ got, site, folder }) {
      await writeFile(`${folder}/article.txt`, 'On jam');
      const answer = new PassThrough();
      const received = text(answer);
      await pipeline(
        createReadStream(`${folder}/article.txt`),
        got.stream.post(`${site.url}/anything`),
        answer,
      );
      const { data }: Echo = JSON.parse(await received);
      return data;
    },
    gives: 'On jam',
    asksAgain: 1,
  },
  {
    name: 'a POST of JSON, and the answer into a file',
    async run({ got, site, folder }) {
      const options = { json: { documentName: 'Quick Start' } };
      const path = `${folder}/anything.json`;
      await pipeline(got.stream.post(`${site.url}/anything`, options), createWriteStream(path));
      const { json }: Echo = JSON.parse(await readFile(path, 'utf8'));
      return json;
    },
    gives: { documentName: 'Quick Start' },
    asksAgain: 1,
  },
  {
    name: 'lines as they come',
    async run({ got, site }) {
      const stream = got.stream(`${site.url}/stream/3`);
      stream.setEncoding('utf8');
      let received = '';
      for await (const chunk of stream) received += String(chunk);
      return received.trimEnd().split('\n');
    },
    gives: ['{"id":0}', '{"id":1}', '{"id":2}'],
  },
  {
    name: 'an encoding for a stream',
    async run({ got, site }) {
      const stream = got.stream(`${site.url}/text`);
      stream.setEncoding('base64');
      let received = '';
      stream.on('data', (chunk) => void (received += String(chunk)));
      await once(stream, 'end');
      return received;
    },
    gives: Buffer.from('Hello, world!').toString('base64'),
  },
  {
    name: 'the response, before its body',
    async run({ got, site, folder }) {
      const stream = got.stream(`${site.url}/image`, { throwHttpErrors: false });
      const response: http.IncomingMessage = (await once(stream, 'response'))[0];
      await pipeline(stream, createWriteStream(`${folder}/image.png`));
      return {
        type: response.headers['content-type'],
        bytes: (await readFile(`${folder}/image.png`)).byteLength,
      };
    },
    gives: { type: 'image/png', bytes: 200_000 },
  },
  {
    name: 'a response that is too old for its reader',
    async run({ got, site }) {
      const stream = got.stream(`${site.url}/image`, { throwHttpErrors: false });
      const response: http.IncomingMessage = (await once(stream, 'response'))[0];
      const isTooOld = Number(response.headers.age ?? 0) > 3600;
      stream.destroy();
      await once(stream, 'close');
      return { isTooOld, destroyed: stream.destroyed };
    },
    gives: { isTooOld: false, destroyed: true },
    // What was not read to its end is not stored.
    asksAgain: 1,
  },
  {
    name: 'the way of a redirected stream',
    async run({ got, site }) {
      const stream = got.stream(`${site.url}/redirect/2`);
      const seen: string[] = [];
      stream.on('redirect', (options, response) => {
        seen.push(`${response.statusCode} ${options.url?.pathname}`);
      });
      await stream.resume().toArray();
      return { seen, redirectUrls: stream.redirectUrls.map(({ pathname }) => pathname) };
    },
    gives: { seen: ['302 /redirect/1', '302 /anything'], redirectUrls: ['/redirect/1', '/anything'] },
    asks: 3,
  },
  {
    name: 'progress of an upload in pieces',
    async run({ got, site }) {
      const stream = got.stream.post(`${site.url}/anything`, { body: pieces(Buffer.alloc(256 * 1024)) });
      const transferred: number[] = [];
      stream.on('uploadProgress', (progress) => void transferred.push(progress.transferred));
      await once(stream.resume(), 'end');
      return { several: transferred.length > 2, last: transferred.at(-1) };
    },
    gives: { several: true, last: 256 * 1024 },
    asksAgain: 1,
  },
  {
    name: 'progress of a download',
    async run({ got, site }) {
      const stream = got.stream(`${site.url}/image`);
      await once(stream.resume(), 'end');
      return stream.downloadProgress;
    },
    gives: { percent: 1, transferred: 200_000, total: 200_000 },
  },
  {
    name: 'a stream that is tried again',
    run: ({ got, site }) =>
      new Promise((resolve, reject) => {
        const written: PassThrough[] = [];
        const start = (stream: Request): void => {
          written.at(-1)?.destroy();
          const destination = new PassThrough();
          written.push(destination);
          stream.pipe(destination);
          stream.once('retry', (_count, _error, createRetryStream: () => Request) => {
            start(createRetryStream());
          });
          stream.once('error', reject);
          stream.once('end', () => resolve(text(destination)));
        };
        start(
          got.stream(`${site.url}/unstable`, {
            retry: { calculateDelay: ({ computedValue }) => computedValue / 1000 },
          }),
        );
      }),
    gives: '{"tries":2}',
    asks: 2,
  },
  {
    name: 'a server that passes requests on',
    async run({ got, site }) {
      const server = http.createServer((request, response) => {
        const upstream = got.stream(`${site.url}/anything`, {
          copyPipedHeaders: true,
          hooks: { beforeRequest: [({ headers }) => void (headers['host'] = 'pantry.test')] },
        });
        pipeline(request, upstream, response).catch(() => response.destroy());
      });
      server.listen({ host: '127.0.0.1', port: 0 });
      await once(server, 'listening');
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : undefined;
      const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { 'x-jam': 'plum' } });
      const { headers }: { headers: Echo['headers'] } = JSON.parse(await response.text());
      server.close();
      server.closeAllConnections();
      return { jam: headers['x-jam'], host: headers['host'], type: response.headers.get('content-type') };
    },
    gives: { jam: 'plum', host: 'pantry.test', type: 'application/json' },
  },
];

function* pieces(bytes: Buffer, size = 64 * 1024): Generator<Buffer> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}
