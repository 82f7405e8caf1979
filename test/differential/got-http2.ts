import type { OptionsInit } from 'got';
import { failed, incomplete, unsafe } from './got-gets.ts';
import type { GotScenario } from './got-kit.ts';
import { readToEnd } from './read-to-end.ts';

const overHttp2 = { http2: true, https: { rejectUnauthorized: false } } satisfies OptionsInit;

/** GETs a path over HTTP/2. */
function getting(
  name: string,
  path: string,
  options: OptionsInit = {},
  rest: Partial<GotScenario> = {},
): GotScenario {
  return {
    name: `${name} over HTTP/2`,
    run: async ({ client, tlsOrigin }) =>
      client()(`${(await tlsOrigin()).url}${path}`, { ...overHttp2, ...options }),
    ...rest,
  };
}

/** Streams a path over HTTP/2. */
function streaming(name: string, path: string, rest: Partial<GotScenario> = {}): GotScenario {
  return {
    name: `${name} over HTTP/2, streamed`,
    async run(stage) {
      const stream = stage.client().stream(`${(await stage.tlsOrigin()).url}${path}`, overHttp2);
      const body = await readToEnd(stage, stream, false);
      return [stream.response, stream, body];
    },
    ...rest,
  };
}

/** HTTP/2, which got speaks where it is asked to. */
export const gotHttp2: readonly GotScenario[] = [
  getting('json', '/json', { responseType: 'json' }),
  streaming('json', '/json'),
  getting('gzip', '/gzip'),
  getting('gzip with decompress false', '/gzip', { decompress: false, responseType: 'buffer' }),
  streaming('gzip', '/gzip'),
  getting('a large body', '/large?bytes=300000', { responseType: 'buffer' }),
  streaming('a large body', '/large?bytes=300000'),
  getting('an empty body', '/empty'),
  getting('204', '/status?code=204'),
  getting('404', '/status?code=404'),
  getting('HEAD', '/json', { method: 'HEAD' }),
  getting('cookies', '/cookies'),
  getting('repeated fields', '/repeated'),
  getting('trailers', '/trailers'),
  getting('a redirect chain', '/chain'),
  getting('Vary', '/vary', { headers: { 'Accept-Language': 'de-AT' } }),
  getting('username and password', '/echo', { username: 'plum', password: 'jam' }),
  getting('an entity tag', '/etag', {}, { validates: true }),
  getting('no-store', '/no-store', {}, { asksAgain: 'it says no-store' }),
  getting('POST', '/echo', { method: 'POST', json: { jam: 'plum' } }, { asksAgain: unsafe }),
  getting('a body that the origin abandons', '/abandoned', {}, { asksAgain: incomplete }),
  streaming('a body that the origin abandons', '/abandoned', { asksAgain: incomplete }),
  getting(
    'a retry after 500',
    '/fails-once?cache-control=no-store',
    { retry: { limit: 1, calculateDelay: ({ computedValue }) => Math.min(computedValue, 1) } },
    { asksAgain: 'it says no-store' },
  ),
  {
    name: '.cancel() over HTTP/2',
    asksAgain: failed,
    async run({ client, tlsOrigin }) {
      const origin = await tlsOrigin();
      const request = client()(`${origin.url}/stall-head`, overHttp2);
      void origin.received('/stall-head').then(() => request.cancel());
      return request;
    },
  },
  {
    name: 'a signal that aborts in the body over HTTP/2',
    asksAgain: incomplete,
    async run({ client, tlsOrigin }) {
      const control = new AbortController();
      const url = `${(await tlsOrigin()).url}/stall-body`;
      const request = client()(url, { ...overHttp2, signal: control.signal });
      void request.on('downloadProgress', ({ transferred }) => {
        if (transferred > 0) control.abort();
      });
      return request;
    },
  },
];
