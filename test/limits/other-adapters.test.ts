import axios, { AxiosError, type AxiosRequestConfig } from 'axios';
import { describe, expect, it } from 'vitest';
import { installCache } from '../../src/axios/index.ts';
import { originRoutes } from '../helpers/origin-routes.ts';
import { startOrigin } from '../helpers/origin.ts';
import { HeldLimiter } from './held-limiter.ts';

describe('a rate limiter, and an axios request past the cache', () => {
  it.each<[string, AxiosRequestConfig]>([
    ['over fetch', { adapter: 'fetch' }],
    [
      'by an adapter of the user',
      { adapter: (config) => axios.getAdapter('http')({ ...config, adapter: 'http' }) },
    ],
  ])('holds it back and is told of it: %s', async (_what, config) => {
    await using origin = await startOrigin(originRoutes);
    const rateLimiter = new HeldLimiter();
    const api = axios.create({ proxy: false, ...config });
    installCache(api, { rateLimiter });
    const asked = api.get(`${origin.url}/status`, { params: { code: 404 }, validateStatus: () => true });
    const held = await rateLimiter.next();
    expect(held.request).toMatchObject({ url: `${origin.url}/status?code=404`, method: 'GET' });
    expect(origin.count()).toBe(0);
    held.letThrough();
    expect((await asked).httpCache).toMatchObject({ outcome: 'bypass', reason: 'seam' });
    expect(rateLimiter.answers).toMatchObject([{ answer: { status: 404 } }]);

    const failing = api.get(`${origin.url}/status?code=503`);
    (await rateLimiter.next()).letThrough();
    await expect(failing).rejects.toBeInstanceOf(AxiosError);
    expect(rateLimiter.answers[1]?.answer.status).toBe(503);
    await rateLimiter.answers[1]?.answer.ended;
  });

  it.each<[string, AxiosRequestConfig]>([
    ['over fetch', { adapter: 'fetch' }],
    [
      'by an adapter of the user',
      { adapter: (config) => axios.getAdapter('http')({ ...config, adapter: 'http' }) },
    ],
  ])('keeps its place until a streamed body is read: %s', async (_what, config) => {
    await using origin = await startOrigin(originRoutes);
    const rateLimiter = new HeldLimiter();
    const api = axios.create({ proxy: false, ...config });
    installCache(api, { rateLimiter });
    const asked = api.get<AsyncIterable<Uint8Array>>(`${origin.url}/status`, { responseType: 'stream' });
    (await rateLimiter.next()).letThrough();
    const { data } = await asked;
    let isOver = false;
    const over = rateLimiter.answers[0]?.answer.ended.then(() => (isOver = true));
    await new Promise(setImmediate);
    expect(isOver).toBe(false);
    for await (const chunk of data) expect(chunk).toBeDefined();
    await over;
  });

  it.each(['signal', 'cancelToken'] as const)('is left by a caller who gives up by a %s', async (way) => {
    await using origin = await startOrigin(originRoutes);
    const rateLimiter = new HeldLimiter();
    const api = axios.create({ proxy: false, adapter: 'fetch' });
    installCache(api, { rateLimiter });
    const controller = new AbortController();
    const source = axios.CancelToken.source();
    const asked = api.get(origin.url, { signal: controller.signal, cancelToken: source.token });
    const held = await rateLimiter.next();
    if (way === 'signal') controller.abort();
    else source.cancel();
    await expect(asked).rejects.toSatisfy(axios.isCancel);
    expect(held.signal.aborted).toBe(true);
    expect(origin.count()).toBe(0);
    held.letThrough();
  });
});
