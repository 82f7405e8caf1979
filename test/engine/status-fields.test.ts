import { describe, expect, it } from 'vitest';
import type { FieldLines } from '../../src/core/message.ts';
import { startOrigin } from '../helpers/origin.ts';
import { makeRig, managers } from './caches.ts';
import { fetchThrough } from './fetch-through.ts';

function statusOf(headers: FieldLines): FieldLines {
  return headers.filter(([name]) => /^(?:cache-status|x-cache(?:-lookup)?)$/i.test(name));
}

describe.each(managers)('the option cacheStatusHeaders over $name', ({ make }) => {
  it('tells what the cache did, and none of it is stored', async () => {
    await using origin = await startOrigin({
      '/': ({ request, response }) => {
        response.sendDate = false;
        const isKnown = request.headers['if-none-match'] === '"e"';
        response.writeHead(isKnown ? 304 : 200, { 'Cache-Control': 'max-age=60', ETag: '"e"' });
        response.end(isKnown ? undefined : 'body');
      },
    });
    const stored = make();
    const { cache, advance } = makeRig({ manager: stored, cacheStatusHeaders: true });
    const ask = async () => statusOf((await fetchThrough(cache, `${origin.url}/`)).headers);
    expect(await ask()).toEqual([
      ['Cache-Status', 'http-larder; fwd=uri-miss; fwd-status=200; stored; ttl=60'],
      ['X-Cache', 'MISS'],
      ['X-Cache-Lookup', 'MISS'],
    ]);
    expect(await ask()).toEqual([
      ['Cache-Status', 'http-larder; hit; ttl=60'],
      ['X-Cache', 'HIT'],
      ['X-Cache-Lookup', 'HIT'],
    ]);
    advance(61_000);
    expect(await ask()).toEqual([
      ['Cache-Status', 'http-larder; fwd=stale; fwd-status=304; ttl=60'],
      ['X-Cache', 'HIT'],
      ['X-Cache-Lookup', 'HIT'],
    ]);
    const asked = await fetchThrough(cache, `${origin.url}/`, { headers: [['Cache-Control', 'no-cache']] });
    expect(statusOf(asked.headers).at(0)).toEqual([
      'Cache-Status',
      'http-larder; fwd=request; fwd-status=304; ttl=60',
    ]);
    await cache.idle();
    // RFC 9211 §2.2: it was fresh, and the request wanted it validated.
    const validated = await fetchThrough(cache, `${origin.url}/`, { options: { mode: 'no-cache' } });
    expect(statusOf(validated.headers)[0]?.[1]).toBe('http-larder; fwd=request; fwd-status=304; ttl=60');
    await cache.idle();
    if (stored.entries !== undefined)
      for await (const { head } of cache.entries()) expect(statusOf(head.headers)).toEqual([]);
  });

  it("goes behind the origin's own Cache-Status, and leaves its X-Cache alone", async () => {
    await using origin = await startOrigin({
      '/': ({ response }) => {
        response.writeHead(200, {
          'Cache-Control': 'max-age=60',
          'Cache-Status': 'edge; hit',
          'X-Cache': 'HIT from edge',
        });
        response.end('body');
      },
    });
    const { cache } = makeRig({ manager: make(), cacheStatusHeaders: true });
    for (const ours of [/^http-larder; fwd=uri-miss/, /^http-larder; hit/]) {
      const fields = statusOf((await fetchThrough(cache, `${origin.url}/`)).headers);
      expect(fields.slice(0, 2)).toEqual([
        ['Cache-Status', 'edge; hit'],
        ['X-Cache', 'HIT from edge'],
      ]);
      expect(fields[2]?.[1]).toMatch(ours);
      expect(fields.slice(3).map(([name]) => name)).toEqual(['X-Cache-Lookup']);
    }
  });

  it('tells of a 504 that the cache made, and of what goes past it', async () => {
    await using origin = await startOrigin({ '/': ({ response }) => void response.writeHead(200).end() });
    const { cache } = makeRig({ manager: make(), cacheStatusHeaders: true });
    const refused = await fetchThrough(cache, `${origin.url}/`, { options: { mode: 'only-if-cached' } });
    expect(statusOf(refused.headers)[0]?.[1]).toBe('http-larder');
    const posted = await fetchThrough(cache, `${origin.url}/`, { method: 'POST' });
    expect(statusOf(posted.headers)[0]?.[1]).toBe('http-larder; fwd=method; fwd-status=200');
  });
});

describe('without the option cacheStatusHeaders', () => {
  it('adds nothing but Age', async () => {
    await using origin = await startOrigin({
      '/': ({ response }) => void response.writeHead(200, { 'Cache-Control': 'max-age=60' }).end('body'),
    });
    const { cache } = makeRig();
    const names = async () => (await fetchThrough(cache, `${origin.url}/`)).headers.map(([name]) => name);
    const first = await names();
    const stored = first.filter((name) => !/^(?:connection|keep-alive|transfer-encoding)$/i.test(name));
    expect(await names()).toEqual([...stored, 'Age']);
  });
});
