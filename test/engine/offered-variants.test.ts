import { describe, expect, it } from 'vitest';
import type { FieldLines } from '../../src/core/message.ts';
import type { HttpCacheOptions } from '../../src/engine/options.ts';
import { startOrigin, type Origin, type Route } from '../helpers/origin.ts';
import { makeRig, managers } from './caches.ts';
import { fetchThrough, type Asked } from './fetch-through.ts';

/** An origin with two representations, of which it gives the one that begins with what is accepted. */
const representations: Route = ({ request, response, nth }) => {
  response.sendDate = false;
  const etag = `"${String(request.headers['accept']).at(0)}"`;
  const headers = { ETag: etag, Vary: 'Accept', 'Cache-Control': 'max-age=60', 'X-Nth': String(nth) };
  const asked = String(request.headers['if-none-match']).split(', ');
  if (asked.includes(etag)) response.writeHead(304, headers).end();
  else response.writeHead(200, headers).end(`body ${etag} ${nth}`);
};

const accepting = (value: string, more: FieldLines = []): Asked => ({
  headers: [['Accept', value], ...more],
});

/** What the last request asked about. */
const asked = (origin: Origin): string | undefined =>
  origin
    .requests()
    .at(-1)
    ?.headers.find(([name]) => name.toLowerCase() === 'if-none-match')?.[1];

describe.each(managers)('variants that a request did not select, over $name', ({ make }) => {
  const rig = (options: HttpCacheOptions = {}): ReturnType<typeof makeRig> =>
    makeRig({ manager: make(), ...options });

  it('are named by it, and the one that a 304 confirms answers it from then on', async () => {
    await using origin = await startOrigin({ '/': representations });
    const { cache, advance } = rig();
    const url = `${origin.url}/`;
    await fetchThrough(cache, url, accepting('a1'));
    await fetchThrough(cache, url, accepting('b1'));
    expect(asked(origin)).toBe('"a"');
    advance(10_000);
    const first = await fetchThrough(cache, url, accepting('a2'));
    expect(asked(origin)).toBe('"b", "a"');
    expect(first).toMatchObject({ status: 200, body: 'body "a" 1', info: { outcome: 'revalidated' } });
    expect(first.headers).toContainEqual(['X-Nth', '3']);
    advance(55_000);
    const second = await fetchThrough(cache, url, accepting('a2'));
    expect(second).toMatchObject({ body: 'body "a" 1', info: { outcome: 'hit', ageMs: 55_000 } });
    // The one that was confirmed is fresh for as long.
    expect((await fetchThrough(cache, url, accepting('a1'))).info.outcome).toBe('hit');
    expect(origin.count()).toBe(3);
  });

  it('are asked for anew when the 304 confirms none of them', async () => {
    await using origin = await startOrigin({
      '/': (call) => {
        if (call.nth !== 2) return representations(call);
        call.response.writeHead(304, { ETag: '"other"' }).end();
      },
    });
    const { cache } = rig();
    await fetchThrough(cache, `${origin.url}/`, accepting('a'));
    const answer = await fetchThrough(cache, `${origin.url}/`, accepting('b'));
    expect(answer).toMatchObject({ status: 200, body: 'body "b" 3', info: { outcome: 'miss' } });
  });

  it('are asked for anew when the one that was confirmed is gone', async () => {
    await using origin = await startOrigin({ '/': representations });
    const manager = make();
    const { cache } = makeRig({ manager });
    const { key } = (await fetchThrough(cache, `${origin.url}/`, accepting('a'))).info;
    await cache.idle();
    await manager.delete(String(key));
    const answer = await fetchThrough(cache, `${origin.url}/`, accepting('a2'));
    expect(answer).toMatchObject({ status: 200, body: 'body "a" 3', info: { outcome: 'miss' } });
    expect((await fetchThrough(cache, `${origin.url}/`, accepting('a2'))).info.outcome).toBe('hit');
  });

  it('are not named where the caller has a condition of its own, nor for a HEAD or a part', async () => {
    await using origin = await startOrigin({ '/': representations });
    const { cache } = rig();
    await fetchThrough(cache, `${origin.url}/`, accepting('a'));
    await fetchThrough(cache, `${origin.url}/`, accepting('b', [['If-None-Match', '"own"']]));
    expect(asked(origin)).toBe('"own"');
    await fetchThrough(cache, `${origin.url}/`, { ...accepting('c'), method: 'HEAD' });
    expect(asked(origin)).toBeUndefined();
    await fetchThrough(cache, `${origin.url}/`, accepting('d', [['Range', 'bytes=0-1']]));
    expect(asked(origin)).toBeUndefined();
    await fetchThrough(cache, `${origin.url}/`, { ...accepting('e'), options: { mode: 'reload' } });
    expect(asked(origin)).toBeUndefined();
  });

  it('are not named to one user when they are of another', async () => {
    await using origin = await startOrigin({ '/': representations });
    const { cache } = rig();
    const as = (user: string): FieldLines => [['Authorization', user]];
    await fetchThrough(cache, `${origin.url}/`, accepting('a1', as('one')));
    await fetchThrough(cache, `${origin.url}/`, accepting('a2', as('two')));
    expect(asked(origin)).toBeUndefined();
    await fetchThrough(cache, `${origin.url}/`, accepting('a3', as('one')));
    expect(asked(origin)).toBe('"a"');
  });

  it('that one user was confirmed are copied for that user alone', async () => {
    await using origin = await startOrigin({ '/': representations });
    const { cache } = rig();
    await fetchThrough(cache, `${origin.url}/`, accepting('a1'));
    const mine = accepting('a2', [['Authorization', 'me']]);
    expect((await fetchThrough(cache, `${origin.url}/`, mine)).info.outcome).toBe('revalidated');
    expect((await fetchThrough(cache, `${origin.url}/`, mine)).info.outcome).toBe('hit');
    expect((await fetchThrough(cache, `${origin.url}/`, accepting('a2'))).info.outcome).not.toBe('hit');
  });

  it('are kept apart by the suffix of their key', async () => {
    await using origin = await startOrigin({ '/': representations });
    const cacheKey: HttpCacheOptions['cacheKey'] = ({ headers }) => ({
      suffix: headers.find(([name]) => name === 'Tenant')?.[1] ?? '',
    });
    const { cache } = rig({ cacheKey });
    await fetchThrough(cache, `${origin.url}/`, accepting('a1', [['Tenant', 'one']]));
    await fetchThrough(cache, `${origin.url}/`, accepting('a2', [['Tenant', 'two']]));
    expect(asked(origin)).toBeUndefined();
    await fetchThrough(cache, `${origin.url}/`, accepting('a3', [['Tenant', 'one']]));
    expect(asked(origin)).toBe('"a"');
  });

  it('are not stored again when the target URI was invalidated meanwhile', async () => {
    await using origin = await startOrigin({
      '/': async (call) => {
        if (call.nth === 2) await call.toldToGoOn;
        if (call.request.method === 'GET') return representations(call);
        call.response.writeHead(204).end();
      },
    });
    const { cache } = rig();
    const url = `${origin.url}/`;
    await fetchThrough(cache, url, accepting('a1'));
    const second = fetchThrough(cache, url, accepting('a2'));
    await origin.received('/', 2);
    await fetchThrough(cache, url, { method: 'PUT' });
    origin.goOn();
    expect((await second).body).toMatch(/^body "a"/);
    // Neither the one that was there before nor its copy.
    expect((await fetchThrough(cache, url, accepting('a2'))).info.outcome).toBe('miss');
    expect(asked(origin)).toBeUndefined();
  });
});

describe("a 304 for the caller's own condition", () => {
  it('freshens the stored response that it is about, and is passed on', async () => {
    await using origin = await startOrigin({ '/': representations });
    const { cache, advance } = makeRig();
    const url = `${origin.url}/`;
    await fetchThrough(cache, url, accepting('a'));
    advance(61_000);
    const own = await fetchThrough(cache, url, accepting('a', [['If-None-Match', '"a"']]));
    expect(own).toMatchObject({ status: 304, body: '', info: { outcome: 'miss', reason: 'stale' } });
    const next = await fetchThrough(cache, url, accepting('a'));
    expect(next).toMatchObject({ status: 200, body: 'body "a" 1', info: { outcome: 'hit' } });
    expect(origin.count()).toBe(2);
  });

  it('leaves the stored response alone that it is not about', async () => {
    await using origin = await startOrigin({
      '/': (call) => {
        if (call.nth === 1) return representations(call);
        call.response.writeHead(304, { ETag: '"b"', 'Cache-Control': 'max-age=600' }).end();
      },
    });
    const { cache, advance } = makeRig();
    const url = `${origin.url}/`;
    await fetchThrough(cache, url, accepting('a'));
    advance(61_000);
    const own = await fetchThrough(cache, url, accepting('a', [['If-None-Match', '"b"']]));
    expect(own.status).toBe(304);
    const stale = await fetchThrough(cache, url, accepting('a', [['Cache-Control', 'max-stale']]));
    expect(stale).toMatchObject({ body: 'body "a" 1', info: { outcome: 'stale' } });
  });
});
