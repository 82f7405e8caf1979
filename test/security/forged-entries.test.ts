import { describe, expect, it } from 'vitest';
import { type CacheEntry, type CacheManager, HttpCache } from '../../src/index.ts';
import { SettableClock } from '../../src/testing/settable-clock.ts';
import { type Origin, startOrigin } from '../helpers/origin.ts';
import { answers } from '../rfc9111/answers.ts';
import { type Client, clientRows } from '../streams/clients.ts';

type Policy = Parameters<CacheManager['put']>[2];

/** Keeps entries as JSON with the body in base64, as a store on another machine would, for anybody to change. */
class TextManager implements CacheManager {
  readonly texts = new Map<string, string>();

  async get(cacheKey: string): Promise<CacheEntry | undefined> {
    const text = this.texts.get(cacheKey);
    if (text === undefined) return undefined;
    const { response, policy } = JSON.parse(text);
    return { response: { ...response, body: Buffer.from(response.body, 'base64') }, policy };
  }

  async put(
    cacheKey: string,
    response: CacheEntry['response'],
    policy: Policy,
  ): Promise<CacheEntry['response']> {
    const body = Buffer.from(response.body).toString('base64');
    this.texts.set(cacheKey, JSON.stringify({ response: { ...response, body }, policy }));
    return response;
  }

  async delete(cacheKey: string): Promise<void> {
    this.texts.delete(cacheKey);
  }
}

interface Scene {
  readonly origin: Origin;
  readonly client: Client;
  readonly manager: TextManager;
  readonly cache: HttpCache;
  readonly clock: SettableClock;
}

/** A response with a validator, in the store of a cache. */
async function store(connect: (cache: HttpCache) => Client): Promise<Scene & AsyncDisposable> {
  const clock = new SettableClock();
  const manager = new TextManager();
  const cache = new HttpCache({ manager, clock });
  const headers = {
    'Cache-Control': 'max-age=60',
    ETag: '"e"',
    'Last-Modified': 'Thu, 01 Jan 2026 00:00:00 GMT',
  };
  const origin = await startOrigin({ '/': answers({ headers }) }, { date: () => new Date(clock.now()) });
  const client = connect(cache);
  await client.fetch(`${origin.url}/`);
  await cache.idle();
  return { origin, client, manager, cache, clock, [Symbol.asyncDispose]: () => origin.close() };
}

const lineEnd = String.raw`\r\nX-Forged: 1`;

describe.each(clientRows)('an entry that somebody forged in a store of their own, $client', ({ connect }) => {
  it.each([
    ['a field', '"ETag","', `"X","a${lineEnd}"],["ETag","`],
    ['the name of a field', '["ETag",', `["X${lineEnd}","a"],["ETag",`],
    ['the status text', '"statusText":"OK', `"statusText":"OK${lineEnd}`],
    ['the entity tag', String.raw`"etag":"\"e\"`, String.raw`"etag":"\"e\"${lineEnd}`],
    ['the date', '"lastModified":"', `"lastModified":"${lineEnd}`],
    ['an entity tag that no field can have', String.raw`"etag":"\"e`, String.raw`"etag":"\"\u20ac`],
  ])('splits no response, nor the request that validates it: %s', async (_what, from, to) => {
    for (const ageMs of [0, 90_000]) {
      await using scene = await store(connect);
      const { origin, client, manager, cache, clock } = scene;
      for (const [key, text] of manager.texts) {
        expect(text).toContain(from);
        manager.texts.set(key, text.replace(from, to));
      }
      clock.advance(ageMs);
      const answer = await client.fetch(`${origin.url}/`);
      expect([ageMs, answer.status, answer.body.toString()]).toEqual([ageMs, 200, 'body 2']);
      expect(JSON.stringify([answer.headers, origin.requests()])).not.toMatch(/forged/i);
      await cache.idle();
      expect((await client.fetch(`${origin.url}/`)).info?.outcome).toBe('hit');
    }
  });

  it('pollutes no prototype', async () => {
    await using scene = await store(connect);
    const { origin, client, manager } = scene;
    const forged = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},';
    for (const [key, text] of manager.texts) {
      manager.texts.set(key, text.replaceAll('{', forged).replaceAll(',}', '}'));
    }
    expect((await client.fetch(`${origin.url}/`)).status).toBe(200);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(Reflect.get(() => undefined, 'polluted')).toBeUndefined();
  });

  it('costs a request nothing but the cache, whichever of its characters is another', async () => {
    await using scene = await store(connect);
    const { origin, client, manager, cache, clock } = scene;
    const [[key, whole] = ['', '']] = manager.texts;
    for (let at = 0; at < whole.length; at += 9) {
      const other = String.fromCharCode(whole.charCodeAt(at) ^ (1 << (at % 7)));
      manager.texts.clear();
      manager.texts.set(key, whole.slice(0, at) + other + whole.slice(at + 1));
      clock.advance(at % 2 === 0 ? 0 : 90_000);
      const { status } = await client.fetch(`${origin.url}/`, { anyStatus: true });
      expect([at, status >= 200 && status <= 999]).toEqual([at, true]);
      await cache.idle();
    }
  });
});
