import axios, { type AxiosRequestConfig, type AxiosResponse } from 'axios';
import { describe, expect, it } from 'vitest';
import { installCache } from '../../src/axios/index.ts';
import type { HttpCacheOptions } from '../../src/engine/options.ts';
import type { CacheEvent } from '../../src/index.ts';
import { originRoutes } from '../helpers/origin-routes.ts';
import { startOrigin } from '../helpers/origin.ts';

describe('a request that the cache has no part in', () => {
  it.each<[what: string, config: AxiosRequestConfig, options: HttpCacheOptions, reason: string]>([
    ['of mode no-store', { httpCache: { mode: 'no-store' } }, {}, 'mode'],
    ['of a cache in mode no-store', {}, { mode: 'no-store' }, 'mode'],
    ['without the cache', { httpCache: false }, {}, 'disabled'],
    ['to HEAD', { method: 'head', httpCache: false }, {}, 'disabled'],
  ])('is left to axios: %s', async (_what, config, options, reason) => {
    await using origin = await startOrigin(originRoutes);
    const events: CacheEvent[] = [];
    const api = axios.create();
    const { cache } = installCache(api, { ...options, onEvent: (event) => events.push(event) });
    const url = `${origin.url}/json?a=1`;
    const response = await api.request({ ...config, url: `${url.replace('//', '//u:p@')}#part` });
    expect(response.httpCache).toMatchObject({
      outcome: 'bypass',
      reason,
      mode: 'no-store',
      forwardStatus: 200,
    });
    expect(events).toEqual([
      { type: 'response', method: response.config.method?.toUpperCase(), url, info: response.httpCache },
    ]);
    expect((await cache.stats()).outcomes.bypass).toBe(1);
  });

  it('says so on an error too', async () => {
    await using origin = await startOrigin(originRoutes);
    const api = axios.create();
    installCache(api);
    const failed = api.get(`${origin.url}/status?code=503`, { httpCache: false });
    await expect(failed).rejects.toMatchObject({
      response: { httpCache: { outcome: 'bypass', reason: 'disabled', forwardStatus: 503 } },
    });
  });

  it('is none where an option is to see it', async () => {
    await using origin = await startOrigin(originRoutes);
    const seen: string[] = [];
    const see =
      <T>(option: string, answer: T) =>
      (): T => {
        seen.push(option);
        return answer;
      };
    const ask = async (options: HttpCacheOptions): Promise<AxiosResponse> => {
      const api = axios.create();
      installCache(api, options);
      return await api.get(`${origin.url}/json`);
    };
    await ask({ mode: 'no-store', invalidates: see('invalidates', []) });
    await ask({ mode: see('mode', 'no-store') });
    expect(seen).toEqual(['invalidates', 'mode']);
    const { headers } = await ask({ mode: 'no-store', cacheStatusHeaders: true });
    expect(headers['cache-status']).toContain('fwd=bypass');
  });

  it('is none that may invalidate', async () => {
    await using origin = await startOrigin(originRoutes);
    const api = axios.create();
    const { cache } = installCache(api);
    await api.get(`${origin.url}/json`);
    await cache.idle();
    await api.put(`${origin.url}/json`, undefined, { httpCache: false, validateStatus: null });
    expect((await cache.stats()).invalidated).toBe(1);
  });
});
