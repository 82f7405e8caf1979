import axios, { AxiosError, type AxiosInstance } from 'axios';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { installCache } from '../../src/axios/index.ts';
import { type CacheInfo, cacheInfo, HttpCache } from '../../src/index.ts';
import { originRoutes } from '../helpers/origin-routes.ts';
import { startOrigin } from '../helpers/origin.ts';

const outcomeOf = async (instance: AxiosInstance, url: string): Promise<string | undefined> => {
  const response = await instance.get(url);
  return response.httpCache?.outcome;
};

describe('installCache', () => {
  it('answers from memory by default, and says so on the response', async () => {
    await using origin = await startOrigin(originRoutes);
    const api = axios.create();
    const { cache } = installCache(api);
    const first = await api.get(`${origin.url}/json`);
    await cache.idle();
    const second = await api.get(`${origin.url}/json`);
    expect(first.httpCache).toMatchObject({ outcome: 'miss', reason: 'uri-miss', stored: true });
    expect(second.httpCache).toMatchObject({ outcome: 'hit', reason: 'fresh' });
    expect(cacheInfo(second)).toBe(second.httpCache);
    expect(second.data).toEqual(first.data);
    expect(origin.count()).toBe(1);
    expectTypeOf(second.httpCache).toEqualTypeOf<CacheInfo | undefined>();
  });

  it('takes the options of a cache', async () => {
    await using origin = await startOrigin(originRoutes);
    const api = axios.create();
    installCache(api, { cacheStatusHeaders: true });
    const { headers } = await api.get(`${origin.url}/json`);
    expect(headers['cache-status']).toContain('fwd=uri-miss');
  });

  it('installs the same cache once', async () => {
    await using origin = await startOrigin(originRoutes);
    const cache = new HttpCache();
    const api = axios.create();
    const installed = installCache(api, { cache });
    expect(installCache(api, { cache })).toBe(installed);
    await api.get(`${origin.url}/json`);
    expect((await cache.stats()).outcomes.miss).toBe(1);
  });

  it('refuses a second cache, and takes it after the first is uninstalled', () => {
    const api = axios.create();
    const installed = installCache(api);
    expect(() => installCache(api)).toThrow('another cache');
    expect(() => installCache(api, { cache: new HttpCache() })).toThrow('another cache');
    installed.uninstall();
    installCache(api, { cache: new HttpCache() });
  });

  it('leaves the instance as it was when uninstalled, and what is stored stored', async () => {
    await using origin = await startOrigin(originRoutes);
    const cache = new HttpCache();
    const api = axios.create();
    const before = Reflect.ownKeys(api.interceptors.request);
    const installed = installCache(api, { cache });
    await api.get(`${origin.url}/json`);
    await cache.idle();
    installed.uninstall();
    installed.uninstall();
    expect(await outcomeOf(api, `${origin.url}/json`)).toBeUndefined();
    expect(Reflect.ownKeys(api.interceptors.request)).toEqual(before);
    installCache(api, { cache });
    expect(await outcomeOf(api, `${origin.url}/json`)).toBe('hit');
  });

  it('is for one instance only', async () => {
    await using origin = await startOrigin(originRoutes);
    const api = axios.create();
    installCache(api);
    expect(await outcomeOf(axios.create(), `${origin.url}/json`)).toBeUndefined();
  });

  it.each([
    ['a cache that is none', { cache: {} }, 'The option cache is an object: give an HttpCache'],
    ['no cache', { cache: undefined }, 'The option cache is undefined'],
    ['options beside a cache', { cache: new HttpCache(), mode: 'default' }, 'Unknown option "mode"'],
    ['options that are none', null, 'The options of installCache are null'],
    ['a copy of axios that is none', { axios: {} }, 'The option axios has no getAdapter()'],
    ['unknown options', { modes: 'default' }, 'Unknown option "modes"'],
    ['unknown modes', { mode: 'fresh' }, 'The option mode is "fresh"'],
  ])('refuses %s', (_what, options, message) => {
    expect(() => Reflect.apply(installCache, undefined, [axios.create(), options])).toThrow(message);
  });

  it.each([undefined, {}, () => undefined])('refuses what is no instance of axios: %o', (instance) => {
    expect(() => Reflect.apply(installCache, undefined, [instance])).toThrow('Cannot install a cache in');
  });
});

describe('httpCache of one request', () => {
  it('chooses a mode', async () => {
    await using origin = await startOrigin(originRoutes);
    const api = axios.create();
    installCache(api);
    await api.get(`${origin.url}/json`);
    const { httpCache } = await api.get(`${origin.url}/json`, { httpCache: { mode: 'reload' } });
    expect(httpCache).toMatchObject({ outcome: 'miss', mode: 'reload' });
    expect(origin.count()).toBe(2);
  });

  it('that is false leaves the cache out', async () => {
    await using origin = await startOrigin(originRoutes);
    const api = axios.create();
    installCache(api);
    await api.get(`${origin.url}/json`);
    const { httpCache } = await api.get(`${origin.url}/json`, { httpCache: false });
    expect(httpCache).toMatchObject({ outcome: 'bypass', reason: 'disabled' });
    expect(origin.count()).toBe(2);
  });

  it('comes before that of the instance', async () => {
    await using origin = await startOrigin(originRoutes);
    const api = axios.create({ httpCache: { mode: 'no-store' } });
    installCache(api);
    await api.get(`${origin.url}/json`);
    const { httpCache } = await api.get(`${origin.url}/json`, { httpCache: { mode: 'default' } });
    expect(httpCache).toMatchObject({ outcome: 'miss', reason: 'uri-miss' });
  });

  it.each([{ mod: 'reload' }, { mode: 'fresh' }, 'reload', true, null])(
    'is refused when it is wrong: %o',
    async (httpCache) => {
      const api = axios.create();
      installCache(api);
      const request: Promise<unknown> = Reflect.apply(api, undefined, ['http://127.0.0.1:9/', { httpCache }]);
      await expect(request).rejects.toThrow(TypeError);
    },
  );

  it('can make the cache answer 504 where nothing is stored', async () => {
    await using origin = await startOrigin(originRoutes);
    const api = axios.create();
    installCache(api);
    const error: unknown = await api
      .get(`${origin.url}/json`, { httpCache: { mode: 'only-if-cached' } })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AxiosError);
    expect(error).toMatchObject({
      response: { status: 504, data: '', httpCache: { outcome: 'unsatisfiable' } },
    });
    expect(origin.count()).toBe(0);
  });
});

describe('the cache beside other interceptors', () => {
  it('sees what those that run later change', async () => {
    await using origin = await startOrigin(originRoutes);
    const api = axios.create();
    let language = 'de';
    const setLanguage = (): void => {
      api.interceptors.request.use((config) => {
        config.headers.set('Accept-Language', language);
        return config;
      });
    };
    setLanguage();
    const { cache } = installCache(api);
    setLanguage();
    const ask = async (): Promise<unknown> => {
      const { data } = await api.get<unknown>(`${origin.url}/vary`);
      await cache.idle();
      return data;
    };
    expect(await ask()).toBe('for de');
    language = 'fr';
    expect(await ask()).toBe('for fr');
    language = 'de';
    expect(await ask()).toBe('for de');
    expect(origin.count()).toBe(2);
  });

  it('keeps apart what an interceptor gives credentials to', async () => {
    await using origin = await startOrigin(originRoutes);
    const api = axios.create();
    const { cache } = installCache(api);
    let token = 'a';
    api.interceptors.request.use((config) => {
      config.headers.set('Authorization', `Bearer ${token}`);
      return config;
    });
    const ask = async (): Promise<string | undefined> => {
      const outcome = await outcomeOf(api, `${origin.url}/json`);
      await cache.idle();
      return outcome;
    };
    expect(await ask()).toBe('miss');
    expect(await ask()).toBe('hit');
    token = 'b';
    expect(await ask()).toBe('miss');
  });

  it('lets synchronous interceptors stay synchronous', async () => {
    await using origin = await startOrigin(originRoutes);
    const api = axios.create();
    installCache(api);
    let ran = false;
    api.interceptors.request.use(
      (config) => {
        ran = true;
        return config;
      },
      null,
      { synchronous: true },
    );
    const response = api.get(`${origin.url}/json`);
    expect(ran).toBe(true);
    await response;
  });

  it('leaves the config as it was, so that it can be sent again', async () => {
    await using origin = await startOrigin(originRoutes);
    const plain = await axios.create().get(`${origin.url}/no-store`);
    const api = axios.create();
    const { cache } = installCache(api);
    const first = await api.get(`${origin.url}/json`);
    expect(Object.keys(first.config)).toEqual(Object.keys(plain.config));
    expect(first.config.adapter).toEqual(plain.config.adapter);
    await cache.idle();
    for (let time = 0; time < 3; time += 1) {
      expect((await api.request(first.config)).httpCache?.outcome).toBe('hit');
    }
    expect(first.config.adapter).toEqual(plain.config.adapter);
  });

  it('still works with a config whose request was cancelled on the way to the adapter', async () => {
    await using origin = await startOrigin(originRoutes);
    const api = axios.create();
    const controller = new AbortController();
    // Interceptors run in reverse order: this one after that of the cache.
    api.interceptors.request.use((config) => {
      if (config.signal !== undefined) controller.abort();
      return config;
    });
    const { cache } = installCache(api);
    await api.get(`${origin.url}/json`);
    await cache.idle();
    const error: unknown = await api
      .get(`${origin.url}/json`, { signal: controller.signal })
      .catch((thrown: unknown) => thrown);
    if (!axios.isCancel(error) || !(error instanceof AxiosError)) throw error;
    const { signal: _signal, ...again } = { ...error.config };
    expect((await api.request(again)).httpCache?.outcome).toBe('hit');
  });
});
