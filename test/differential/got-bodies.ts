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
  getting('gzip that ends early', '/truncated-gzip'),
  getting('a chunked body', '/chunked'),
  getting('trailers', '/trailers'),
  getting('a large body', '/large?bytes=3000000', { responseType: 'buffer' }),
  getting('Connection: close', '/close'),
  getting('a body ended by the connection', '/close-delimited'),
  getting('strictContentLength', '/json', { strictContentLength: true }),
  getting('strictContentLength of gzip', '/gzip', { strictContentLength: true }),
  getting('json of nothing', '/empty', { responseType: 'json' }),
  getting('json of an error', '/status?code=404', { responseType: 'json', throwHttpErrors: false }),
  getting('gzip as json', '/gzip', { responseType: 'json' }),
  ...(['base64', 'hex', 'utf16le', 'ascii'] as const).map((encoding) =>
    getting(`encoding ${encoding}`, '/latin1', { encoding }),
  ),
  getting('encoding of json', '/json', { encoding: 'latin1', responseType: 'json' }),
  getting('resolveBodyOnly with json', '/json', { resolveBodyOnly: true, responseType: 'json' }),
  getting('resolveBodyOnly with bytes', '/binary', { resolveBodyOnly: true, responseType: 'buffer' }),
  getting('HTTP/1.0', '/http-1.0'),
  getting('a status line without text', '/no-status-text'),
  getting(
    'what an earlier reader changed',
    '/binary',
    { responseType: 'buffer' },
    {
      async warm({ client, origin }) {
        const response = await client()(`${origin.url}/binary`, { responseType: 'buffer' });
        response.rawBody.fill(0);
        response.headers['content-type'] = 'text/jam';
        response.rawHeaders.reverse();
      },
    },
  ),
  { name: '.json()', run: ({ client, origin }) => client()(`${origin.url}/json`).json() },
  { name: '.text()', run: ({ client, origin }) => client()(`${origin.url}/text`).text() },
  { name: '.buffer()', run: ({ client, origin }) => client()(`${origin.url}/binary`).buffer() },
  {
    name: '.json() of nothing',
    run: ({ client, origin }) => client()(`${origin.url}/status?code=204`).json(),
  },
  { name: '.json() of text', run: ({ client, origin }) => client()(`${origin.url}/text`).json() },
  {
    name: '.json() of an error',
    run: ({ client, origin }) => client()(`${origin.url}/status?code=404`).json(),
  },
  { name: '.buffer() of gzip', run: ({ client, origin }) => client()(`${origin.url}/gzip`).buffer() },
  { name: '.json() of gzip', run: ({ client, origin }) => client()(`${origin.url}/gzip`).json() },
  {
    name: '.json() and the response of one request',
    run: ({ client, origin }) => {
      const request = client()(`${origin.url}/json`);
      return Promise.all([request.json(), request]);
    },
  },
];
