import { getting } from './got-gets.ts';
import type { GotScenario } from './got-kit.ts';

/** Bodies, and what got makes of them. */
export const gotBodies: readonly GotScenario[] = [
  getting('text', '/text'),
  getting('responseType json', '/json', { responseType: 'json' }),
  getting('responseType buffer', '/binary', { responseType: 'buffer' }),
  getting('bytes taken for text', '/binary'),
  getting('encoding latin1', '/latin1', { encoding: 'latin1' }),
  getting('resolveBodyOnly', '/text', { resolveBodyOnly: true }),
  getting('parseJson', '/json', { responseType: 'json', parseJson: (text) => ({ length: text.length }) }),
  getting('json that does not parse', '/not-json', { responseType: 'json' }),
  getting('a byte order mark', '/bom', { responseType: 'json' }),
  getting('a byte order mark in bytes', '/bom', { responseType: 'buffer' }),
  getting('an empty body', '/empty'),
  getting('gzip', '/gzip', { responseType: 'json' }),
  getting('deflate', '/deflate', { responseType: 'json' }),
  getting('brotli', '/br', { responseType: 'json' }),
  getting('gzip with decompress false', '/gzip', { decompress: false, responseType: 'buffer' }),
  getting('corrupt gzip', '/corrupt-gzip'),
  getting('gzip that ends early', '/truncated-gzip'),
  getting('a chunked body', '/chunked'),
  getting('trailers', '/trailers'),
  getting('a large body', '/large?bytes=3000000', { responseType: 'buffer' }),
  getting('Connection: close', '/close'),
  getting('a body ended by the connection', '/close-delimited'),
  getting('strictContentLength', '/json', { strictContentLength: true }),
  getting('strictContentLength of gzip', '/gzip', { strictContentLength: true }),
  { name: '.json()', run: ({ client, origin }) => client()(`${origin.url}/json`).json() },
  { name: '.text()', run: ({ client, origin }) => client()(`${origin.url}/text`).text() },
  { name: '.buffer()', run: ({ client, origin }) => client()(`${origin.url}/binary`).buffer() },
  { name: '.json() of gzip', run: ({ client, origin }) => client()(`${origin.url}/gzip`).json() },
  {
    name: '.json() and the response of one request',
    run: ({ client, origin }) => {
      const request = client()(`${origin.url}/json`);
      return Promise.all([request.json(), request]);
    },
  },
  {
    name: 'downloadProgress',
    async run({ client, origin, note }) {
      const request = client()(`${origin.url}/large?bytes=300000`, { responseType: 'buffer' });
      let last: unknown;
      void request.on('downloadProgress', (progress) => {
        last = progress;
      });
      const response = await request;
      note('progress', last);
      return response;
    },
  },
];
