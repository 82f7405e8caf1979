import type { OutgoingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { FieldLines } from '../../src/core/message.ts';
import { engineSymbol } from '../../src/engine/engine-symbol.ts';
import type { HttpCacheOptions } from '../../src/engine/options.ts';
import { MemoryManager } from '../../src/managers/memory/memory-manager.ts';
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

/** As above, and says whom each answer is for. */
const personal: Route = (call) => {
  call.response.setHeader('X-For', call.request.headers.authorization ?? 'anybody');
  return representations(call);
};

describe.each(managers)('the copy of a variant that a 304 confirmed, over $name', ({ make }) => {
  /** Whether the second request's answer is there for the next one like it. */
  async function isCopied(options: HttpCacheOptions, second: Asked, third: Asked): Promise<boolean> {
    await using origin = await startOrigin({ '/': personal });
    const { cache } = makeRig({ manager: make(), ...options });
    await fetchThrough(cache, `${origin.url}/`, accepting('a1'));
    expect((await fetchThrough(cache, `${origin.url}/`, second)).info.outcome).toBe('revalidated');
    await cache.idle();
    return (await fetchThrough(cache, `${origin.url}/`, third)).info.outcome === 'hit';
  }

  it('is made where the answer may be stored', async () => {
    expect(await isCopied({}, accepting('a2'), accepting('a2'))).toBe(true);
  });

  it('is not made for a request that wants nothing stored', async () => {
    const second = accepting('a2', [['Cache-Control', 'no-store']]);
    expect(await isCopied({}, second, accepting('a2'))).toBe(false);
  });

  it('is not made in a shared cache for a request with Authorization', async () => {
    const second = accepting('a2', [['Authorization', 'ada']]);
    expect(await isCopied({ shared: true }, second, accepting('a2'))).toBe(false);
  });

  it.each<[string, Asked]>([
    ['a field that it varies by', { headers: [], below: [['Accept', 'a2']] }],
    ['credentials', { headers: [['Accept', 'a2']], below: [['Authorization', 'ada']] }],
  ])('is not made where %s came in below the cache', async (_name, second) => {
    expect(await isCopied({}, second, { headers: second.headers ?? [] })).toBe(false);
    expect(await isCopied({ shared: true }, second, { headers: second.headers ?? [] })).toBe(false);
  });

  it.each<[string, OutgoingHttpHeaders]>([
    ['no-store', { 'Cache-Control': 'no-store, max-age=60' }],
    ['another Vary', { Vary: 'Accept, Tenant' }],
  ])('is not made for one user of what the 304 forbids to store: %s', async (_name, changed) => {
    await using origin = await startOrigin({
      '/': ({ request, response }) => {
        const headers = { 'Cache-Control': 'max-age=60', Vary: 'Accept', ETag: '"e"' };
        if (request.headers['if-none-match'] === '"e"')
          response.writeHead(304, { ...headers, ...changed }).end();
        else response.writeHead(200, headers).end('body');
      },
    });
    const { cache } = makeRig({ manager: make() });
    const mine = accepting('a2', [['Authorization', 'ada']]);
    await fetchThrough(cache, `${origin.url}/`, accepting('a1'));
    await fetchThrough(cache, `${origin.url}/`, mine);
    await cache.idle();
    expect((await fetchThrough(cache, `${origin.url}/`, mine)).info.outcome).not.toBe('hit');
  });

  it('is for the one user whom the variant is for', async () => {
    await using origin = await startOrigin({ '/': personal });
    const { cache } = makeRig({ manager: make(), shared: true });
    const as = (user: string, value: string): Asked => accepting(value, [['Authorization', user]]);
    const url = `${origin.url}/`;
    await fetchThrough(cache, url, { ...as('ada', 'a1'), options: { mode: 'ignore-rules' } });
    await fetchThrough(cache, url, as('ada', 'a2'));
    await cache.idle();
    expect((await fetchThrough(cache, url, as('bob', 'a2'))).info.outcome).not.toBe('hit');
  });
});

describe('a store whose body does not come while it is copied', () => {
  it('holds up neither other variants nor idle', async () => {
    await using origin = await startOrigin({ '/': representations });
    const manager = new MemoryManager();
    const getStream = manager.getStream.bind(manager);
    const streamResponse = manager.streamResponse.bind(manager);
    let isHung = false;
    manager.getStream = (key) => {
      const entry = getStream(key);
      return isHung && entry !== undefined ? { ...entry, body: undefined, release: () => undefined } : entry;
    };
    manager.streamResponse = (stored) =>
      isHung ? new Readable({ read: () => undefined }) : streamResponse(stored);
    const { cache } = makeRig({ manager, managerTimeout: 50 });
    const url = `${origin.url}/`;
    await fetchThrough(cache, url, accepting('a1'));
    await fetchThrough(cache, url, accepting('b1'));
    const request = {
      method: 'GET',
      url,
      headers: [['Accept', 'a2']] as const,
      options: undefined,
      hasBody: false,
    };
    const plan = await cache[engineSymbol].begin(request);
    isHung = true;
    if (plan.kind !== 'forward') throw new Error('The request is not forwarded.');
    const head = { status: 304, statusText: '', httpVersion: '1.1', headers: [['ETag', '"a"']] as const };
    const reception = await plan.exchange.received(head);
    if (reception.kind === 'stored') reception.delivery.release();
    await cache.idle();
    isHung = false;
    expect((await fetchThrough(cache, url, accepting('b1'))).info.outcome).toBe('hit');
    expect((await fetchThrough(cache, url, accepting('a2'))).info.outcome).toBe('revalidated');
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
