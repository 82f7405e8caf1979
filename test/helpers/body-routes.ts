import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { Route } from './origin.ts';
import { binaryBytes, json, jsonText, text } from './payloads.ts';
import { fresh, send, writeHead } from './reply.ts';

/** Zstandard in its plainest form, so that no zlib is needed that knows it: one raw block (RFC 8878 §3.1.1). */
function zstdFrame(content: string): Uint8Array {
  const bytes = Buffer.from(content);
  const header = Buffer.from('28b52ffd20', 'hex');
  const block = Buffer.alloc(4);
  block.writeUInt8(bytes.length);
  block.writeUInt16LE((bytes.length << 3) | 1, 1);
  return Buffer.concat([header, block, bytes]);
}

function body(contentType: string, bytes: string | Uint8Array): Route {
  return (call) => send(call, { headers: [['Content-Type', contentType], fresh], body: bytes });
}

function encoded(coding: string, bytes: Uint8Array): Route {
  return (call) => send(call, { headers: [json, ['Content-Encoding', coding], fresh], body: bytes });
}

/** Ways in which a body is whole. */
export const bodyRoutes: Readonly<Record<string, Route>> = {
  '/json': body(json[1], jsonText),
  '/not-json': (call) =>
    send(call, {
      status: Number(call.query.get('code') ?? 200),
      headers: [json, fresh],
      body: '{"name": larder}',
    }),
  '/text': body(text[1], 'plum jam – Zwetschge ☂'),
  '/binary': body('application/octet-stream', binaryBytes),
  '/latin1': body('text/plain; charset=iso-8859-1', Buffer.from('Käse für später', 'latin1')),
  '/bom': body(json[1], '\uFEFF{"bom":true}'),
  '/form': body('application/x-www-form-urlencoded', 'jam=plum&jam=fig&size=2'),
  '/document': body('text/html; charset=utf-8', '<!doctype html><title>Larder</title><p>Jam</p>'),
  '/gzip': encoded('gzip', gzipSync(jsonText)),
  '/deflate': encoded('deflate', deflateSync(jsonText)),
  '/br': encoded('br', brotliCompressSync(jsonText)),
  '/x-gzip': encoded('x-gzip', gzipSync(jsonText)),
  '/raw-deflate': encoded('deflate', deflateRawSync(jsonText)),
  '/zstd': encoded('zstd', zstdFrame('{"name":"larder"}')),
  '/identity': encoded('identity', Buffer.from(jsonText)),
  '/unknown-coding': encoded('larder', Buffer.from(jsonText)),
  '/capital-coding': encoded('GZIP', gzipSync(jsonText)),
  '/two-codings': encoded('gzip, br', brotliCompressSync(gzipSync(jsonText))),
  '/gzip-members': encoded('gzip', Buffer.concat([gzipSync('{"one":'), gzipSync('1}')])),
  '/gzip-and-more': encoded('gzip', Buffer.concat([gzipSync(jsonText), Buffer.from('more')])),
  '/not-gzip': encoded('gzip', Buffer.from(jsonText)),
  '/chunked-gzip': (call) => {
    const bytes = gzipSync(jsonText);
    writeHead(call, { headers: [json, ['Content-Encoding', 'gzip'], fresh] });
    call.response.write(bytes.subarray(0, 50));
    call.response.end(bytes.subarray(50));
  },
  '/coded-204': (call) => send(call, { status: 204, headers: [['Content-Encoding', 'gzip'], fresh] }),
  '/coded-nothing': encoded('gzip', Buffer.alloc(0)),
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
