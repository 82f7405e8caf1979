import { setTimeout as delay } from 'node:timers/promises';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { OriginCall, Route } from '../helpers/origin.ts';
import { fresh, send, writeHead } from '../helpers/reply.ts';
import { echoOf } from './echo.ts';

const jsonType = ['Content-Type', 'application/json'] as const;
const textType = ['Content-Type', 'text/plain; charset=utf-8'] as const;
const neverStored = ['Cache-Control', 'no-store'] as const;

/** What `/image` answers with. */
export const imageBytes: Buffer = Buffer.alloc(200_000, 'ada lovelace ');

/** How many commits `/commits` has, and how many of them are on a page. */
export const commitCount = 12;
const perPage = 5;

function json(
  call: OriginCall,
  value: unknown,
  ...headers: (readonly [name: string, value: string])[]
): void {
  send(call, { headers: [jsonType, fresh, ...headers], body: JSON.stringify(value) });
}

const echo: Route = async (call) => json(call, await echoOf(call.request));

/** What the caller sent, and a user with permissions. */
const resources: Readonly<Record<string, Route>> = {
  '/anything': (call) => {
    if (call.request.method !== 'OPTIONS') return echo(call);
    send(call, { status: 204, headers: [['Allow', 'GET, HEAD, POST']] });
  },
  '/headers': echo,
  '/post': echo,
  '/api/anything': echo,
  '/user': (call) => json(call, { id: call.query.get('ID'), firstName: 'Fred', lastName: 'Flintstone' }),
  '/user/12345': (call) => json(call, { id: '12345', firstName: 'Fred', lastName: 'Flintstone' }),
  '/user/12345/permissions': (call) => json(call, ['read', 'write']),
  '/users/sindresorhus': (call) =>
    json(
      call,
      { login: 'sindresorhus', authorization: call.request.headers.authorization ?? null },
      ['X-RateLimit-Limit', '60'],
      ['X-RateLimit-Remaining', '55'],
      ['X-RateLimit-Reset', '1562852139'],
    ),
  '/commits': (call) => {
    const page = Number(call.query.get('page') ?? 1);
    const first = (page - 1) * perPage + 1;
    const commits = Array.from(
      { length: Math.max(0, Math.min(perPage, commitCount - first + 1)) },
      (_, at) => ({
        commit: { message: `commit ${first + at}` },
      }),
    );
    const next = ['Link', `</commits?page=${page + 1}>; rel="next"`] as const;
    json(call, commits, ...(page * perPage < commitCount ? [next] : []));
  },
  '/big-number': (call) =>
    send(call, { headers: [jsonType, fresh], body: '{"id":9007199254740993,"date":"2026-01-23"}' }),
};

/** Bodies that are not plain JSON. */
const bodies: Readonly<Record<string, Route>> = {
  '/image': (call) => send(call, { headers: [['Content-Type', 'image/png'], fresh], body: imageBytes }),
  '/text': (call) => send(call, { headers: [textType, fresh], body: 'Hello, world!' }),
  '/not-json': (call) => send(call, { headers: [jsonType, fresh], body: '{"name": ada}' }),
  '/latin1': (call) =>
    send(call, {
      headers: [['Content-Type', 'text/plain; charset=iso-8859-1'], fresh],
      body: Buffer.from('Käse', 'latin1'),
    }),
  '/gzip': coded('gzip', gzipSync('{"gzipped":true}')),
  '/deflate': coded('deflate', deflateSync('{"deflated":true}')),
  '/brotli': coded('br', brotliCompressSync('{"brotli":true}')),
  '/stream/3': async (call) => {
    writeHead(call, { headers: [jsonType, fresh] });
    for (let id = 0; id < 3; id += 1) {
      call.response.write(`{"id":${id}}\n`);
      await delay(1);
    }
    call.response.end();
  },
};

function coded(coding: string, body: Uint8Array): Route {
  return (call) => send(call, { headers: [jsonType, ['Content-Encoding', coding], fresh], body });
}

/** What is no success, or no answer yet. */
const refusals: Readonly<Record<string, Route>> = {
  '/status/404': (call) =>
    send(call, { status: 404, headers: [jsonType, fresh], body: '{"message":"There is no such jar"}' }),
  '/status/500': (call) =>
    send(call, { status: 500, headers: [jsonType], body: '{"message":"The shelf fell down"}' }),
  '/unstable': (call) =>
    call.nth === 1
      ? send(call, { status: 503, headers: [jsonType, neverStored], body: '{"message":"Not yet"}' })
      : json(call, { tries: call.nth }),
  '/delay/1': async (call) => {
    await call.toldToGoOn;
    json(call, { delayed: true });
  },
  '/truncated': (call) => {
    writeHead(call, { headers: [textType, fresh, ['Content-Length', '1000']] });
    call.response.write('only this', () => call.response.socket?.end());
  },
  '/basic-auth': (call) =>
    call.request.headers.authorization === `Basic ${Buffer.from('janedoe:s00pers3cret').toString('base64')}`
      ? json(call, { authenticated: true, user: 'janedoe' })
      : send(call, { status: 401, headers: [['WWW-Authenticate', 'Basic realm="pantry"'], neverStored] }),
  '/token': (call) =>
    call.request.headers['token'] === 'new'
      ? json(call, { welcome: true })
      : send(call, { status: 401, headers: [neverStored] }),
};

/** Where else to go, and with which cookies. */
const redirects: Readonly<Record<string, Route>> = {
  '/redirect/3': to('/redirect/2'),
  '/redirect/2': to('/redirect/1'),
  '/redirect/1': to('/anything'),
  '/redirect-to': (call) =>
    to(call.query.get('url') ?? '/anything', Number(call.query.get('status') ?? 302))(call),
  '/cookies': (call) => json(call, { cookies: call.request.headers.cookie ?? '' }, ['Vary', 'Cookie']),
  '/cookies/set': (call) =>
    send(call, {
      status: 302,
      headers: [['Location', '/cookies'], ['Set-Cookie', 'foo=bar; Path=/'], neverStored],
    }),
  '/cookies/odd': (call) => json(call, {}, ['Set-Cookie', 'refused']),
};

function to(location: string, status = 302): Route {
  return (call) => send(call, { status, headers: [['Location', location], fresh], body: 'over there' });
}

/**
 * What the documentation of the clients likes to ask: a site that sends back what it received, in the manner of
 * httpbin, and an API with users and commits. Nearly everything is fresh for an hour.
 */
export const siteRoutes: Readonly<Record<string, Route>> = {
  ...resources,
  ...bodies,
  ...refusals,
  ...redirects,
};
