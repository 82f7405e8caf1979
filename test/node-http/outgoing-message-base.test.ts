import { buffer } from 'node:stream/consumers';
import { type ClientRequest, request as nativeRequest } from 'node:http';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { CachingRequest } from '../../src/node-http/caching-request.ts';
import { startOrigin } from '../helpers/origin.ts';
import { makeRig } from './caching-rig.ts';

/** What is common to Node's requests and ours, as far as it is compared. */
type Settable = ClientRequest | CachingRequest;

/** What reaches an origin of a request, made as Node makes it and with a cache before it. */
async function received(method: string, prepare: (request: Settable) => void): Promise<unknown[]> {
  const all: unknown[] = [];
  await using origin = await startOrigin({
    '/': async ({ request, response }) => {
      const body = (await buffer(request)).toString();
      all.push({ headers: request.rawHeaders, body, trailers: request.rawTrailers });
      response.end();
    },
  });
  const rig = makeRig();
  const options = { method, headers: { 'X-First': '1' } };
  for (const request of [nativeRequest(origin.url, options), rig.open(origin.url, options)]) {
    prepare(request);
    all.push(request.getHeaders(), request.getRawHeaderNames());
    request.end();
    const [response] = await once(request, 'response');
    await buffer(response);
  }
  return all;
}

describe('a request that a cache stands before is set up as one of Node', () => {
  it.each<[what: string, method: string, prepare: (request: Settable) => void]>([
    ['a field', 'GET', (request) => request.setHeader('X-Jam', 'plum')],
    ['a field that is set anew', 'GET', (request) => request.setHeader('x-first', ['2', '3'])],
    ['fields of a map', 'GET', (request) => request.setHeaders(new Map([['X-Jam', ['plum', 'fig']]]))],
    ['fields of Headers', 'GET', (request) => request.setHeaders(new Headers({ 'X-Jam': 'plum' }))],
    ['a line more', 'GET', (request) => request.appendHeader('x-first', '2').appendHeader('X-Jam', 'plum')],
    ['a field less', 'GET', (request) => request.removeHeader('x-first')],
    ['a line more, once it is opened', 'POST', (request) => request.appendHeader('X-First', ['2'])],
    [
      'trailers',
      'POST',
      (request) => {
        request.setHeader('Trailer', 'X-Digest');
        request.addTrailers({ 'X-Digest': 'abc' });
        request.write('plum');
      },
    ],
    [
      'what is held back for a while',
      'POST',
      (request) => {
        request.cork();
        request.write('plum ');
        request.write('jam');
        request.uncork();
      },
    ],
  ])('%s', async (_what, method, prepare) => {
    const all = await received(method, prepare);
    expect(all.slice(3)).toEqual(all.slice(0, 3));
  });

  it('with the same figures of what it buffers', () => {
    const cached = makeRig().open('http://127.0.0.1:9/');
    const native = nativeRequest('http://127.0.0.1:9/', { agent: false }).on('error', () => undefined);
    for (const name of [
      'writableCorked',
      'writableHighWaterMark',
      'writableLength',
      'writableObjectMode',
    ] as const) {
      expect([name, cached[name]]).toEqual([name, native[name]]);
    }
    native.destroy();
    cached.on('error', () => undefined).destroy();
  });
});
