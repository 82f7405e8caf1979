import { describe, expect, it } from 'vitest';
import { engineSymbol } from '../../src/engine/engine-symbol.ts';
import { startOrigin } from '../helpers/origin.ts';
import { makeRig, managers } from './caches.ts';
import { fetchThrough } from './fetch-through.ts';

describe.each(managers)('stored trailers, over $name', ({ make }) => {
  it('come back behind the body, and never among the fields', async () => {
    await using origin = await startOrigin({
      '/': ({ response }) => {
        response.writeHead(200, { 'Cache-Control': 'max-age=60', Trailer: 'X-Sum, ETag' });
        response.write('body');
        response.addTrailers({ 'X-Sum': '7', ETag: '"late"' });
        response.end();
      },
    });
    const { cache } = makeRig({ manager: make() });
    await fetchThrough(cache, `${origin.url}/`);
    await cache.idle();
    const url = `${origin.url}/`;
    const plan = await cache[engineSymbol].begin({
      method: 'GET',
      url,
      headers: [],
      options: undefined,
      hasBody: false,
    });
    if (plan.kind !== 'stored') throw new Error(`It was not stored: ${plan.kind}`);
    expect(plan.delivery.trailers).toEqual([
      ['X-Sum', '7'],
      ['ETag', '"late"'],
    ]);
    const names = plan.delivery.head.headers.map(([name]) => name.toLowerCase());
    expect(names).not.toContain('x-sum');
    expect(names).not.toContain('etag');
    plan.delivery.release();
  });

  it('are not those of a part', async () => {
    await using origin = await startOrigin({
      '/': ({ response }) => {
        response.writeHead(200, { 'Cache-Control': 'max-age=60', Trailer: 'X-Sum' });
        response.write('body');
        response.addTrailers({ 'X-Sum': '7' });
        response.end();
      },
    });
    const { cache } = makeRig({ manager: make() });
    const url = `${origin.url}/`;
    await fetchThrough(cache, url);
    await cache.idle();
    const plan = await cache[engineSymbol].begin({
      method: 'GET',
      url,
      headers: [['Range', 'bytes=0-1']],
      options: undefined,
      hasBody: false,
    });
    if (plan.kind !== 'stored') throw new Error(`It was not stored: ${plan.kind}`);
    expect(plan.delivery.head.status).toBe(206);
    expect(plan.delivery.trailers).toEqual([]);
    plan.delivery.release();
  });
});
