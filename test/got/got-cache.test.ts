import got, { type Got, HTTPError, RequestError, TimeoutError } from 'got';
import http from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { gotCache, withCache } from '../../src/got/index.ts';
import { cacheInfo, HttpCache } from '../../src/index.ts';
import { drain } from '../helpers/drain.ts';
import { originRoutes } from '../helpers/origin-routes.ts';
import { startOrigin } from '../helpers/origin.ts';
import { jsonText } from '../helpers/payloads.ts';
import { gatedManager } from '../node-http/gated-manager.ts';

const errorOf = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

function cachedClient(): { client: Got; cache: HttpCache } {
  const extension = gotCache();
  return { client: got.extend(extension), cache: extension.cache };
}

describe('gotCache', () => {
  it('answers from memory by default, and says so on the response', async () => {
    await using origin = await startOrigin(originRoutes);
    const { client, cache } = cachedClient();
    const first = await client(`${origin.url}/gzip`);
    await cache.idle();
    const second = await client(`${origin.url}/gzip`);
    expect([first.isFromCache, second.isFromCache]).toEqual([false, true]);
    expect(cacheInfo(first)).toMatchObject({ outcome: 'miss', stored: true });
    expect(cacheInfo(second)).toMatchObject({ outcome: 'hit', reason: 'fresh' });
    expect(second.body).toBe(first.body);
    expect(origin.count()).toBe(1);
  });

  it('says so on decoded responses, too', async () => {
    await using origin = await startOrigin({
      '/': ({ response }) => {
        response
          .writeHead(200, { 'content-encoding': 'gzip', 'cache-control': 'no-store' })
          .end(gzipSync('jam'));
      },
    });
    const { client } = cachedClient();
    const response = await client(origin.url);
    expect(response.body).toBe('jam');
    expect(cacheInfo(response)).toMatchObject({ outcome: 'miss', notStored: 'response-no-store' });
  });

  it('takes the options of a cache, and gives the cache where got does not see it', async () => {
    const extension = gotCache({ cacheStatusHeaders: true });
    expectTypeOf(extension.cache).toExtend<HttpCache>();
    expect(extension.cache).toBeInstanceOf(HttpCache);
    expect(Object.keys(extension)).toEqual(['hooks']);
    await using origin = await startOrigin(originRoutes);
    const { headers } = await got.extend(extension)(`${origin.url}/json`);
    expect(headers['cache-status']).toContain('fwd=uri-miss');
  });

  it('shares a cache with other instances', async () => {
    await using origin = await startOrigin(originRoutes);
    const cache = new HttpCache();
    await got.extend(gotCache({ cache }))(`${origin.url}/json`);
    await cache.idle();
    const { isFromCache } = await got.extend(gotCache({ cache }))(`${origin.url}/json`);
    expect(isFromCache).toBe(true);
  });

  it('extends with the same cache twice as if once', async () => {
    await using origin = await startOrigin(originRoutes);
    const cache = new HttpCache();
    const client = got.extend(gotCache({ cache }), gotCache({ cache }));
    await client(`${origin.url}/json`);
    expect((await cache.stats()).outcomes.miss).toBe(1);
  });

  it('refuses a second cache, and the cache of got', async () => {
    await using origin = await startOrigin(originRoutes);
    const twice = got.extend(gotCache(), gotCache());
    expect(await errorOf(twice(`${origin.url}/json`))).toMatchObject({
      message: expect.stringContaining('two caches'),
    });
    const { client } = cachedClient();
    expect(await errorOf(client(`${origin.url}/json`, { cache: new Map() }))).toMatchObject({
      message: expect.stringContaining("got's own option cache"),
    });
    expect(origin.count()).toBe(0);
  });

  it.each([
    ['a cache that is none', { cache: {} }, 'The option cache is an object: give an HttpCache'],
    ['options beside a cache', { cache: new HttpCache(), mode: 'default' }, 'Unknown option "mode"'],
    ['unknown options', { modes: 'default' }, 'Unknown option "modes"'],
  ])('refuses %s', (_what, options, message) => {
    expect(() => Reflect.apply(gotCache, undefined, [options])).toThrow(message);
  });
});

describe('withCache', () => {
  it('chooses a mode for one request, or none of the cache', async () => {
    await using origin = await startOrigin(originRoutes);
    const { client } = cachedClient();
    await client(`${origin.url}/json`);
    const reloaded = await client(`${origin.url}/json`, withCache({ mode: 'reload' }));
    const apart = await client(`${origin.url}/json`, withCache(false));
    expect(cacheInfo(reloaded)).toMatchObject({ outcome: 'miss', mode: 'reload' });
    expect(cacheInfo(apart)).toMatchObject({ outcome: 'bypass', reason: 'disabled' });
    expect(origin.count()).toBe(3);
  });

  it('refuses what is wrong', async () => {
    expect(() => Reflect.apply(withCache, undefined, [{ mod: 'reload' }])).toThrow(TypeError);
    expect(() => Reflect.apply(withCache, undefined, [{ mode: 'fresh' }])).toThrow(TypeError);
    const { client } = cachedClient();
    const error = errorOf(
      client('http://127.0.0.1:9/', { context: { httpCache: { mode: 'fresh' } }, retry: { limit: 0 } }),
    );
    expect(await error).toBeInstanceOf(RequestError);
    expect(await error).toMatchObject({ message: expect.stringContaining('"fresh"') });
  });

  it('can be said plainly, too', async () => {
    await using origin = await startOrigin(originRoutes);
    const { client } = cachedClient();
    const options: object = { httpCache: false };
    expect(cacheInfo(await client(`${origin.url}/json`, options))?.outcome).toBe('bypass');
    expect(options).toEqual({ httpCache: false });
  });
});

describe('a 504 that the cache made', () => {
  it('is not asked for again', async () => {
    await using origin = await startOrigin(originRoutes);
    const { client } = cachedClient();
    let retries = 0;
    const error = await errorOf(
      client(`${origin.url}/json`, {
        ...withCache({ mode: 'only-if-cached' }),
        hooks: { beforeRetry: [() => void (retries += 1)] },
      }),
    );
    if (!(error instanceof HTTPError)) throw error;
    expect(error.response).toMatchObject({ statusCode: 504, body: '', isFromCache: false });
    expect(cacheInfo(error.response)?.outcome).toBe('unsatisfiable');
    expect([retries, origin.count()]).toEqual([0, 0]);
  });

  it('does not keep other requests from being tried again', async () => {
    await using origin = await startOrigin(originRoutes);
    const client = got.extend(gotCache(), {
      retry: { calculateDelay: ({ computedValue }) => computedValue && 1 },
    });
    await errorOf(client(`${origin.url}/json`, withCache({ mode: 'only-if-cached' })));
    const { retryCount, body } = await client(`${origin.url}/fails-once`);
    expect([retryCount, body]).toEqual([1, jsonText]);
  });
});

describe('the cache beside hooks and options', () => {
  it('sees what hooks that run later change', async () => {
    await using origin = await startOrigin(originRoutes);
    const extension = gotCache();
    let language = 'de';
    const client = got.extend(extension, {
      hooks: { beforeRequest: [({ headers }) => void (headers['accept-language'] = language)] },
    });
    const ask = async (): Promise<string> => {
      const { body } = await client(`${origin.url}/vary`);
      await extension.cache.idle();
      return body;
    };
    expect(await ask()).toBe('for de');
    language = 'fr';
    expect(await ask()).toBe('for fr');
    language = 'de';
    expect(await ask()).toBe('for de');
    expect(origin.count()).toBe(2);
  });

  it('keeps apart who asks, be it by password or by cookie', async () => {
    await using origin = await startOrigin(originRoutes);
    const { client, cache } = cachedClient();
    const ask = async (options: object): Promise<boolean> => {
      const { isFromCache } = await client(`${origin.url}/json`, options);
      await cache.idle();
      return isFromCache;
    };
    const ada = { username: 'ada', password: 'a' };
    const bob = { username: 'bob', password: 'b' };
    const cookieJar = { getCookieString: async () => 'a=1', setCookie: async () => undefined };
    expect(await ask(ada)).toBe(false);
    expect(await ask(ada)).toBe(true);
    expect(await ask(bob)).toBe(false);
    expect(await ask({ cookieJar })).toBe(false);
    expect(await ask({ cookieJar })).toBe(true);
  });

  it('keeps the request function of the user, for each hop', async () => {
    await using origin = await startOrigin(originRoutes);
    const { client, cache } = cachedClient();
    let asked = 0;
    const request: typeof http.request = (...args: unknown[]) => {
      asked += 1;
      return Reflect.apply(http.request, http, args);
    };
    const first = await client(`${origin.url}/chain`, { request });
    await cache.idle();
    const second = await client(`${origin.url}/chain`, { request });
    expect([first.isFromCache, second.isFromCache, asked]).toEqual([false, true, 3]);
    expect(second.redirectUrls.map(({ pathname }) => pathname)).toEqual(['/chain-2', '/json']);
  });

  it('goes to the request function of got where that of the user says so', async () => {
    await using origin = await startOrigin(originRoutes);
    const { client } = cachedClient();
    const { body } = await client(`${origin.url}/json`, { request: () => undefined });
    expect(body).toBe(jsonText);
  });

  it('tries again what failed, and stores what came of it', async () => {
    await using origin = await startOrigin(originRoutes);
    const extension = gotCache();
    const client = got.extend(extension, {
      retry: { calculateDelay: ({ computedValue }) => computedValue && 1 },
    });
    expect((await client(`${origin.url}/fails-once`)).retryCount).toBe(1);
    await extension.cache.idle();
    expect((await client(`${origin.url}/fails-once`)).isFromCache).toBe(true);
  });
});

describe('streams', () => {
  it('are stored as they are read, and read from the store', async () => {
    await using origin = await startOrigin(originRoutes);
    const { client, cache } = cachedClient();
    const bodies: Buffer[] = [];
    for (const fromCache of [false, true]) {
      const stream = client.stream(`${origin.url}/large`);
      bodies.push(await drain(stream));
      expect(stream.isFromCache).toBe(fromCache);
      await cache.idle();
    }
    expect(bodies[1]?.equals(bodies[0] ?? Buffer.alloc(0))).toBe(true);
    expect(origin.count()).toBe(1);
  });

  it('upload as without a cache', async () => {
    await using origin = await startOrigin(originRoutes);
    const { client } = cachedClient();
    const upload = client.stream.post(`${origin.url}/echo`);
    const body = drain(upload);
    await pipeline(Readable.from([Buffer.alloc(300_000, 'jam')]), upload);
    const echo: { body: string } = JSON.parse((await body).toString());
    expect(Buffer.from(echo.body, 'base64')).toHaveLength(300_000);
  });
});

describe('a cache that takes its time', () => {
  it('does not escape the timeout', async () => {
    await using origin = await startOrigin(originRoutes);
    const manager = gatedManager();
    const client = got.extend(gotCache({ manager, managerTimeout: 60_000 }), { retry: { limit: 0 } });
    void manager.hold();
    const error = await errorOf(client(`${origin.url}/json`, { timeout: { request: 20 } }));
    manager.letGo();
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ event: 'request' });
    expect(origin.count()).toBe(0);
  });

  it('asks no origin for a request that was aborted meanwhile', async () => {
    await using origin = await startOrigin(originRoutes);
    const manager = gatedManager();
    const extension = gotCache({ manager });
    const controller = new AbortController();
    const asked = manager.hold();
    const error = errorOf(got.extend(extension)(`${origin.url}/json`, { signal: controller.signal }));
    await asked;
    controller.abort();
    expect(await error).toMatchObject({ name: 'AbortError' });
    manager.letGo();
    await extension.cache.idle();
    expect(origin.count()).toBe(0);
  });
});
