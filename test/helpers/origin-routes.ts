import { buffer } from 'node:stream/consumers';
import { bodyRoutes } from './body-routes.ts';
import { faultRoutes } from './fault-routes.ts';
import { pairs, type OriginCall, type Route } from './origin.ts';
import { binaryBytes, json, jsonText, text } from './payloads.ts';
import { rawRoutes } from './raw-routes.ts';
import { fresh, send, writeHead } from './reply.ts';

/** The `Cache-Control` that the query asks for, if it does. */
function freshness({ query }: OriginCall, otherwise = fresh[1]): readonly [name: string, value: string] {
  return ['Cache-Control', query.get('cache-control') ?? otherwise];
}

/** Statuses and fields. */
const heads: Readonly<Record<string, Route>> = {
  '/status': (call) => {
    const status = Number(call.query.get('code') ?? 200);
    const sent = status === 204 || status === 304 ? {} : { body: `{"status":${status}}` };
    send(call, { status, headers: [json, freshness(call)], ...sent });
  },
  '/odd-status-text': (call) =>
    send(call, { statusText: 'Jolly Good', headers: [json, fresh], body: jsonText }),
  '/cookies': (call) =>
    send(call, {
      headers: [text, ['Set-Cookie', 'a=1; Path=/'], fresh, ['Set-Cookie', 'b=2; Path=/; HttpOnly']],
      body: 'cookies',
    }),
  '/repeated': (call) =>
    send(call, {
      headers: [
        ['x-Lower-Upper', 'one'],
        text,
        ['Link', '</a>; rel=preload'],
        fresh,
        ['Link', '</b>; rel=preload'],
        ['X-Lower-Upper', 'two, three'],
        ['Warning', '199 - "repeated"'],
        ['X-Empty', ''],
      ],
      body: 'repeated',
    }),
  '/latin1-field': (call) =>
    send(call, { headers: [text, ['X-Place', 'Köln'], fresh], body: 'latin1 field' }),
  '/trailers': (call) => {
    const { response } = call;
    writeHead(call, { headers: [text, ['Trailer', 'X-Digest, X-Count'], fresh] });
    response.write('before ');
    response.addTrailers([
      ['X-Digest', 'abc'],
      ['X-Count', '2'],
    ]);
    response.end('the trailers');
  },
  '/early-hints': (call) => {
    call.response.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' });
    send(call, { headers: [text, fresh], body: 'after the hints' });
  },
  '/processing': (call) => {
    call.response.writeProcessing();
    send(call, { headers: [text, fresh], body: 'after a while' });
  },
  '/no-store': (call) => send(call, { headers: [text, ['Cache-Control', 'no-store']], body: 'never stored' }),
};

/** What validators and `Vary` are for. */
const validation: Readonly<Record<string, Route>> = {
  '/etag': (call) => {
    const validator = ['ETag', '"v1"'] as const;
    const stale = freshness(call, 'max-age=0');
    if (call.request.headers['if-none-match'] === '"v1"')
      send(call, { status: 304, headers: [validator, stale] });
    else send(call, { headers: [json, validator, stale], body: jsonText });
  },
  '/last-modified': (call) => {
    const validator = ['Last-Modified', 'Tue, 03 Nov 2026 08:00:00 GMT'] as const;
    const stale = ['Cache-Control', 'max-age=0'] as const;
    if (call.request.headers['if-modified-since'] === validator[1]) {
      send(call, { status: 304, headers: [validator, stale] });
    } else send(call, { headers: [json, validator, stale], body: jsonText });
  },
  '/vary': (call) =>
    send(call, {
      headers: [text, ['Vary', 'Accept-Language'], fresh],
      body: `for ${call.request.headers['accept-language'] ?? 'anyone'}`,
    }),
};

/** A representation of which parts may be asked for (RFC 9110 §14). */
const parts: Readonly<Record<string, Route>> = {
  '/parts': (call) => {
    const { range: asked = '', 'if-range': condition = '"whole"' } = call.request.headers;
    const range = condition === '"whole"' ? /^bytes=(\d+)-(\d+)$/.exec(asked) : null;
    const headers = [text, fresh, ['ETag', '"whole"'] as const, ['Accept-Ranges', 'bytes'] as const];
    if (range === null) {
      send(call, { headers, body: binaryBytes });
      return;
    }
    const [first, last] = [Number(range[1]), Number(range[2])];
    if (first >= binaryBytes.length) {
      send(call, { status: 416, headers: [...headers, ['Content-Range', `bytes */${binaryBytes.length}`]] });
      return;
    }
    send(call, {
      status: 206,
      headers: [...headers, ['Content-Range', `bytes ${first}-${last}/${binaryBytes.length}`]],
      body: binaryBytes.subarray(first, last + 1),
    });
  },
};

/** Where else to go. */
const redirects: Readonly<Record<string, Route>> = {
  '/redirect': (call) =>
    send(call, {
      status: Number(call.query.get('status') ?? 302),
      headers: [['Location', call.query.get('to') ?? '/json'], text, freshness(call)],
      body: 'over there',
    }),
  '/chain': (call) => send(call, { status: 301, headers: [['Location', '/chain-2'], fresh] }),
  '/chain-2': (call) =>
    send(call, { status: 302, headers: [['Location', '/json'], text, fresh], body: 'nearly' }),
  '/loop': (call) =>
    send(call, {
      status: 302,
      headers: [
        ['Location', '/loop'],
        ['Cache-Control', 'no-store'],
      ],
    }),
};

/** What is for those only who say who they are. */
const credentials: Readonly<Record<string, Route>> = {
  '/token': (call) =>
    call.request.headers.authorization === 'Bearer plum'
      ? send(call, { headers: [json, freshness(call, 'private, max-age=3600')], body: jsonText })
      : send(call, { status: 401, headers: [text, ['Cache-Control', 'no-store']], body: 'who are you?' }),
  '/set-cookie-and-go': (call) =>
    send(call, {
      status: 302,
      headers: [['Location', '/echo'], ['Set-Cookie', 'jar=plum; Path=/'], fresh],
      body: 'over there',
    }),
};

/** What a request carried, sent back. */
const echoes: Readonly<Record<string, Route>> = {
  '/echo': async (call) => {
    const { request } = call;
    const received = await buffer(request);
    send(call, {
      headers: [json, fresh],
      body: JSON.stringify({
        method: request.method,
        target: request.url,
        headers: pairs(request.rawHeaders),
        body: received.toString('base64'),
      }),
    });
  },
};

/**
 * The ready routes. What a cache may store is fresh for an hour, but for `/etag` and `/last-modified`, which must be
 * validated each time. Everything answers a HEAD as it answers a GET.
 */
export const originRoutes: Readonly<Record<string, Route>> = {
  ...bodyRoutes,
  ...heads,
  ...validation,
  ...parts,
  ...redirects,
  ...faultRoutes,
  ...rawRoutes,
  ...credentials,
  ...echoes,
};
