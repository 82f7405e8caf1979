import axios from 'axios';
import got from 'got';
import { describe, expect, it } from 'vitest';
import { installCache } from '../../src/axios/index.ts';
import { gotCache } from '../../src/got/index.ts';
import { HttpCache } from '../../src/index.ts';
import { storeRows } from '../streams/stores.ts';
import { originRoutes } from '../helpers/origin-routes.ts';
import { startOrigin } from '../helpers/origin.ts';
import { HeldLimiter } from './held-limiter.ts';

const patience = 2500;

/** For longer than the callers in these tests have patience. */
const tooLong = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, patience * 1.5);
  });

// At the same time: each of them is nothing but a wait.
describe.concurrent.each(storeRows)('the wait for a rate limiter, on $store', ({ openStore }) => {
  it.each([
    [5, 'get'],
    [0, 'get'],
    [5, 'post'],
    [0, 'post'],
  ] as const)(
    "does not count as axios's timeout, with maxRedirects %i and %s",
    async (maxRedirects, method) => {
      await using origin = await startOrigin(originRoutes);
      await using store = await openStore();
      const rateLimiter = new HeldLimiter();
      const api = axios.create({ proxy: false, maxRedirects, timeout: patience });
      installCache(api, { rateLimiter, manager: store.manager });
      const asked = [1, 2].map(() => api.request({ method, url: `${origin.url}/json` }));
      const held = await rateLimiter.next();
      await tooLong();
      held.letThrough();
      rateLimiter.isClosed = false;
      if (method === 'post') (await rateLimiter.next()).letThrough();
      expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200]);
      // It runs from there on.
      const silent = api.request({ method, url: `${origin.url}/stall-head` });
      await expect(silent).rejects.toMatchObject({ code: 'ECONNABORTED' });
    },
  );

  it("does not count as got's timeouts of a connection", async () => {
    await using origin = await startOrigin(originRoutes);
    await using store = await openStore();
    const rateLimiter = new HeldLimiter();
    const cache = new HttpCache({ rateLimiter, manager: store.manager });
    const timeout = {
      lookup: patience,
      connect: patience,
      send: patience,
      response: patience,
      socket: patience,
    };
    const client = got.extend(gotCache({ cache }), { timeout, retry: { limit: 0 } });
    const asked = [1, 2].map(() => client(`${origin.url}/json`));
    const held = await rateLimiter.next();
    await tooLong();
    held.letThrough();
    expect((await Promise.all(asked)).map(({ statusCode }) => statusCode)).toEqual([200, 200]);
  });

  it("is ended by got's timeout for all of a request", async () => {
    await using origin = await startOrigin(originRoutes);
    await using store = await openStore();
    const rateLimiter = new HeldLimiter();
    const cache = new HttpCache({ rateLimiter, manager: store.manager });
    const client = got.extend(gotCache({ cache }), { timeout: { request: 1000 }, retry: { limit: 0 } });
    await expect(client(`${origin.url}/json`)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    expect((await rateLimiter.next()).signal.aborted).toBe(true);
    expect(origin.count()).toBe(0);
  });
});
