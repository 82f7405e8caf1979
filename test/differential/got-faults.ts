import type { Delays, OptionsInit } from 'got';
import { getting, incomplete, streaming } from './got-gets.ts';
import type { GotScenario } from './got-kit.ts';
import { readToEnd } from './read-to-end.ts';

const failed = 'nothing is stored of a request that failed';

/** GETs a path whose answer does not come in time. */
function timingOut(name: string, path: string, timeout: Delays): GotScenario {
  return getting(`timeout.${name}`, path, { timeout }, { asksAgain: failed });
}

/** Retries at once. */
const retry = {
  retry: { limit: 2, calculateDelay: ({ computedValue }) => Math.min(computedValue, 1) },
} satisfies OptionsInit;

/** What goes wrong on the way. */
export const gotFaults: readonly GotScenario[] = [
  getting('a truncated body', '/truncated', {}, { asksAgain: incomplete }),
  getting('a cut chunked body', '/cut-chunked', {}, { asksAgain: incomplete }),
  streaming('a truncated body', '/truncated', {}, { asksAgain: incomplete }),
  streaming('a cut chunked body', '/cut-chunked', {}, { asksAgain: incomplete }),
  getting(
    'strictContentLength of a truncated body',
    '/truncated',
    { strictContentLength: true },
    { asksAgain: incomplete },
  ),
  getting('a connection that is hung up', '/hang-up', {}, { asksAgain: failed }),
  getting('a connection that is reset', '/reset', {}, { asksAgain: failed }),
  streaming('a connection that is reset', '/reset', {}, { asksAgain: failed }),
  {
    name: 'a connection that is refused',
    asksAgain: failed,
    async run({ client, elsewhere }) {
      await elsewhere.close();
      return client()(`${elsewhere.url}/json`);
    },
  },
  {
    name: 'a host name that does not resolve',
    asksAgain: failed,
    run: async ({ client }) =>
      client()('http://nowhere.test/json', {
        dnsLookup: ((_host: string, _options: object, done: (error: Error) => void) =>
          done(
            Object.assign(new Error('getaddrinfo ENOTFOUND nowhere.test'), { code: 'ENOTFOUND' }),
          )) as never,
      }),
  },
  {
    name: 'a URL that does not parse',
    asksAgain: failed,
    run: async ({ client }) => client()('http://['),
  },
  {
    name: 'a protocol that got does not know',
    asksAgain: failed,
    run: async ({ client }) => client()('gopher://127.0.0.1/'),
  },
  getting(
    'a field value that cannot be sent',
    '/json',
    { headers: { 'X-Bad': 'a\u0000b' } },
    { asksAgain: failed },
  ),
  {
    name: 'a retry after 500',
    run: async ({ client, origin }) => client()(`${origin.url}/fails-once`, retry).json(),
  },
  {
    name: 'a retry after 500, streamed',
    run: async (stage) => {
      const stream = stage.client().stream(`${stage.origin.url}/fails-once`, retry);
      const last = new Promise<typeof stream>((resolve) => {
        stream.once('response', () => resolve(stream));
        stream.once('retry', (_count, _error, createRetryStream: () => typeof stream) =>
          resolve(createRetryStream()),
        );
      });
      return readToEnd(stage, await last, false);
    },
  },
  getting('retries until the limit', '/status?code=503&cache-control=no-store', retry, {
    asksAgain: 'it says no-store',
  }),
  getting('retries of a connection that is reset', '/reset', retry, { asksAgain: failed }),
  timingOut('request', '/stall-head', { request: 150 }),
  timingOut('response', '/stall-head', { response: 150 }),
  timingOut('socket', '/stall-head', { socket: 150 }),
  timingOut('request in the body', '/stall-body', { request: 150 }),
  timingOut('read', '/stall-body', { read: 150 }),
  timingOut('socket in the body', '/stall-body', { socket: 150 }),
  streaming('timeout.read', '/stall-body', { timeout: { read: 150 } }, { asksAgain: incomplete }),
  {
    name: 'timeout.lookup',
    asksAgain: failed,
    run: async ({ client }) =>
      client()('http://nowhere.test/json', {
        timeout: { lookup: 150 },
        dnsLookup: () => undefined,
      }),
  },
  {
    name: 'timeout.send',
    asksAgain: failed,
    run: async ({ client, origin }) =>
      client().post(`${origin.url}/echo`, { timeout: { send: 150 }, body: stalling() }),
  },
  getting('timeouts that are long enough', '/json', {
    timeout: { lookup: 9e3, connect: 9e3, socket: 9e3, send: 9e3, response: 9e3, read: 9e3, request: 9e3 },
  }),
];

async function* stalling(): AsyncGenerator<Buffer> {
  yield Buffer.from('plum');
  await new Promise(() => undefined);
}
