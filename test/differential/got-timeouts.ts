import { Agent } from 'node:http';
import { Socket } from 'node:net';
import type { Delays } from 'got';
import { failed, getting, incomplete, streaming, warmUp } from './got-gets.ts';
import type { GotScenario } from './got-kit.ts';

/** GETs a path whose answer does not come in time. */
function timingOut(name: string, path: string, timeout: Delays): GotScenario {
  return getting(`timeout.${name}`, path, { timeout }, { asksAgain: failed });
}

/** What takes longer than the caller waits. */
export const gotTimeouts: readonly GotScenario[] = [
  timingOut('request', '/stall-head', { request: 150 }),
  timingOut('response', '/stall-head', { response: 150 }),
  timingOut('socket', '/stall-head', { socket: 150 }),
  timingOut('request in the body', '/stall-body', { request: 300 }),
  timingOut('read', '/stall-body', { read: 150 }),
  timingOut('socket in the body', '/stall-body', { socket: 150 }),
  streaming('timeout.read', '/stall-body', { timeout: { read: 150 } }, { asksAgain: incomplete }),
  streaming('timeout.response', '/stall-head', { timeout: { response: 150 } }, { asksAgain: failed }),
  {
    name: 'timeout.request behind a redirect',
    asksAgain: failed,
    run: async ({ client, origin }) =>
      client()(`${origin.url}/redirect?to=/stall-head&cache-control=no-store`, {
        timeout: { request: 300 },
        // No connection that another run has used.
        agent: { http: new Agent() },
      }),
  },
  getting(
    'timeout.request, and a retry',
    '/stall-head',
    {
      timeout: { request: 100 },
      retry: { limit: 1, calculateDelay: ({ computedValue }) => computedValue && 1 },
    },
    { asksAgain: failed },
  ),
  {
    name: 'timeout.request over HTTP/2',
    asksAgain: failed,
    async run({ client, tlsOrigin }) {
      const { url } = await tlsOrigin();
      const https = { rejectUnauthorized: false };
      return client()(`${url}/stall-head`, { http2: true, https, timeout: { request: 150 } });
    },
  },
  {
    name: 'timeout.lookup',
    asksAgain: failed,
    run: async ({ client }) =>
      client()('http://nowhere.test/json', { timeout: { lookup: 150 }, dnsLookup: () => undefined }),
  },
  {
    name: 'timeout.connect',
    asksAgain: failed,
    run: async ({ client, origin }) =>
      client()(`${origin.url}/json`, {
        timeout: { connect: 150 },
        createConnection: connecting,
      }),
  },
  {
    name: 'timeout.secureConnect',
    asksAgain: failed,
    async run({ client, silentServer }) {
      const { port } = await silentServer();
      return client()(`https://127.0.0.1:${port}/`, { timeout: { secureConnect: 150 } });
    },
  },
  {
    name: 'timeout.send',
    asksAgain: failed,
    run: async ({ client, origin }) =>
      client().post(`${origin.url}/echo`, { timeout: { send: 150 }, body: stalling() }),
  },
  getting(
    'timeout.read of a stored body that its reader lets wait',
    '/large?bytes=3000000',
    { timeout: { read: 9e3 }, responseType: 'buffer' },
    { warm: warmUp('/large?bytes=3000000') },
  ),
  getting('timeouts that are long enough', '/json', {
    timeout: { lookup: 9e3, connect: 9e3, socket: 9e3, send: 9e3, response: 9e3, read: 9e3, request: 9e3 },
  }),
];

/** A connection that does not come about. */
function connecting(): Socket {
  return Object.defineProperty(new Socket(), 'connecting', { value: true });
}

async function* stalling(): AsyncGenerator<Buffer> {
  yield Buffer.from('plum');
  await new Promise(() => undefined);
}
