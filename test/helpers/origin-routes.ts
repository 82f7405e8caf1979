import { pipeline } from 'node:stream/promises';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { pairs, type OriginCall, type Route } from './origin.ts';
import { fresh, send, writeHead } from './reply.ts';

/** What `/json` and its encoded forms answer with. */
export const jsonText: string = JSON.stringify({
  name: 'larder',
  shelves: Array.from({ length: 40 }, (_, shelf) => ({
    shelf,
    holds: `jar ${shelf} of plum jam – 'Zwetschge'`,
  })),
});

/** Every byte value, sixteen times; not text in any encoding. */
export const binaryBytes: Buffer = Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 7) % 256));

const json = ['Content-Type', 'application/json; charset=utf-8'] as const;
const text = ['Content-Type', 'text/plain; charset=utf-8'] as const;

/** The `Cache-Control` that the query asks for, if it does. */
function freshness({ query }: OriginCall, otherwise = fresh[1]): readonly [name: string, value: string] {
  return ['Cache-Control', query.get('cache-control') ?? otherwise];
}

function body(contentType: string, bytes: string | Uint8Array): Route {
  return (call) => send(call, { headers: [['Content-Type', contentType], fresh], body: bytes });
}

function encoded(coding: string, bytes: Uint8Array): Route {
  return (call) => send(call, { headers: [json, ['Content-Encoding', coding], fresh], body: bytes });
}

/** Ways in which a body is whole. */
const bodies: Readonly<Record<string, Route>> = {
  '/json': body(json[1], jsonText),
  '/not-json': body(json[1], '{"name": larder}'),
  '/text': body(text[1], 'plum jam – Zwetschge ☂'),
  '/binary': body('application/octet-stream', binaryBytes),
  '/latin1': body('text/plain; charset=iso-8859-1', Buffer.from('Käse für später', 'latin1')),
  '/bom': body(json[1], '\uFEFF{"bom":true}'),
  '/form': body('application/x-www-form-urlencoded', 'jam=plum&jam=fig&size=2'),
  '/document': body('text/html; charset=utf-8', '<!doctype html><title>Larder</title><p>Jam</p>'),
  '/gzip': encoded('gzip', gzipSync(jsonText)),
  '/deflate': encoded('deflate', deflateSync(jsonText)),
  '/br': encoded('br', brotliCompressSync(jsonText)),
  '/corrupt-gzip': encoded('gzip', gzipSync(jsonText).fill(0, 20, 60)),
  '/truncated-gzip': encoded('gzip', gzipSync(jsonText).subarray(0, 100)),
  '/empty': body(text[1], ''),
  '/chunked': async (call) => {
    const { response } = call;
    writeHead(call, { headers: [text, fresh] });
    for (let chunk = 0; chunk < 5; chunk += 1) {
      response.write(`chunk ${chunk}\n`);
      await delay(2);
    }
    response.end();
  },
  '/close': (call) => send(call, { headers: [json, fresh, ['Connection', 'close']], body: jsonText }),
  '/close-delimited': (call) => {
    call.response.removeHeader('Transfer-Encoding');
    writeHead(call, { headers: [json, fresh, ['Connection', 'close']] });
    call.response.end(jsonText);
  },
  '/large': async (call) => {
    const { response, query } = call;
    const size = Number(query.get('bytes') ?? 1_000_000);
    const length = ['Content-Length', String(size)] as const;
    writeHead(call, { headers: [['Content-Type', 'application/octet-stream'], fresh, length] });
    await pipeline(large(size), response);
  },
};

function* large(size: number): Generator<Buffer> {
  for (let sent = 0; sent < size; sent += binaryBytes.length) yield binaryBytes.subarray(0, size - sent);
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

/** What goes wrong, or has to be waited for. */
const faults: Readonly<Record<string, Route>> = {
  '/truncated': (call) => {
    const { response } = call;
    writeHead(call, { headers: [text, fresh, ['Content-Length', '1000']] });
    response.write('only this', () => response.socket?.end());
  },
  '/cut-chunked': (call) => {
    const { response } = call;
    writeHead(call, { headers: [text, fresh] });
    response.write('only this', () => response.socket?.end());
  },
  '/hang-up': ({ response }) => void response.socket?.destroy(),
  '/reset': ({ response }) => void response.socket?.resetAndDestroy(),
  '/stall-head': async (call) => {
    await call.toldToGoOn;
    send(call, { headers: [text, fresh], body: 'at last' });
  },
  '/stall-body': async (call) => {
    const { response, toldToGoOn } = call;
    writeHead(call, { headers: [text, fresh, ['Content-Length', '16']] });
    response.write('at first');
    await toldToGoOn;
    response.end(' at last');
  },
  '/fails-once': (call) =>
    call.nth === 1
      ? send(call, { status: 500, headers: [text, ['Cache-Control', 'no-store']], body: 'not yet' })
      : send(call, { headers: [json, fresh], body: jsonText }),
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
  ...bodies,
  ...heads,
  ...validation,
  ...redirects,
  ...faults,
  ...echoes,
};
