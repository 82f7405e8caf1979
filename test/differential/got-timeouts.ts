import { Agent } from 'node:http';
import { Socket } from 'node:net';
import type { Delays } from 'got';
import { failed, getting, incomplete, streaming, warmUp } from './got-gets.ts';
import type { GotScenario } from './got-kit.ts';

/** Longer than a busy machine takes to send a request: what was sent by then is compared. */
const ms = 1500;

/** GETs a path whose answer does not come in time. */
function timingOut(name: string, path: string, timeout: Delays): GotScenario {
  return getting(`timeout.${name}`, path, { timeout }, { asksAgain: failed });
}

/** What takes longer than the caller waits. */
export const gotTimeouts: readonly GotScenario[] = [
  timingOut('request', '/stall-head', { request: ms }),
  timingOut('response', '/stall-head', { response: ms }),
  timingOut('socket', '/stall-head', { socket: ms }),
  timingOut('request in the body', '/stall-body', { request: ms }),
  timingOut('read', '/stall-body', { read: ms }),
  timingOut('socket in the body', '/stall-body', { socket: ms }),
  streaming('timeout.read', '/stall-body', { timeout: { read: ms } }, { asksAgain: incomplete }),
  streaming('timeout.response', '/stall-head', { timeout: { response: ms } }, { asksAgain: failed }),
  {
    name: 'a signal that times out',
    asksAgain: failed,
    run: async ({ client, origin }) =>
      client()(`${origin.url}/stall-head`, { signal: AbortSignal.timeout(ms) }),
  },
  {
    name: 'timeout.request behind a redirect',
    asksAgain: failed,
    run: async ({ client, origin }) =>
      client()(`${origin.url}/redirect?to=/stall-head&cache-control=no-store`, {
        timeout: { request: ms },
        // No connection that another run has used.
        agent: { http: new Agent() },
      }),
  },
  getting(
    'timeout.request, and a retry',
    '/stall-head',
    {
      timeout: { request: ms },
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
      return client()(`${url}/stall-head`, { http2: true, https, timeout: { request: ms } });
    },
  },
  {
    name: 'timeout.lookup',
    asksAgain: failed,
    run: async ({ client }) =>
      client()('http://nowhere.test/json', { timeout: { lookup: ms }, dnsLookup: () => undefined }),
  },
  {
    name: 'timeout.connect',
    asksAgain: failed,
    run: async ({ client, origin }) =>
      client()(`${origin.url}/json`, {
        timeout: { connect: ms },
        createConnection: connecting,
      }),
  },
  {
    name: 'timeout.secureConnect',
    asksAgain: failed,
    async run({ client, silentServer }) {
      const { port } = await silentServer();
      return client()(`https://127.0.0.1:${port}/`, { timeout: { secureConnect: ms } });
    },
  },
  {
    name: 'timeout.send',
    asksAgain: failed,
    run: async ({ client, origin }) =>
      client().post(`${origin.url}/echo`, { timeout: { send: ms }, body: stalling() }),
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
