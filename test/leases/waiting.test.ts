import type { ServerResponse } from 'node:http';
import axios from 'axios';
import got from 'got';
import { describe, expect, it, vi } from 'vitest';
import { installCache } from '../../src/axios/index.ts';
import type { CacheEvent } from '../../src/engine/events.ts';
import { gotCache } from '../../src/got/index.ts';
import { HttpCache } from '../../src/http-cache.ts';
import type { StreamingManagerOptions } from '../../src/managers/disk/disk-options.ts';
import { StreamingManager } from '../../src/managers/disk/streaming-manager.ts';
import type { Lease } from '../../src/managers/manager.ts';
import { SettableClock } from '../../src/testing/settable-clock.ts';
import { startOrigin, type Origin } from '../helpers/origin.ts';
import { tempDir } from '../helpers/temp-dir.ts';

/** A manager that never says whether there is a lease. */
class HangingLeases extends StreamingManager {
  override async lease(): Promise<Lease | undefined> {
    return await new Promise<never>(() => undefined);
  }
}

/** A manager that fails at leases. */
class FailingLeases extends StreamingManager {
  override async lease(): Promise<Lease | undefined> {
    throw new Error('no leases today');
  }
}

type Method = 'GET' | 'HEAD';
type Ask = (url: string, signal?: AbortSignal, method?: Method) => Promise<string>;

const clients: readonly { readonly client: string; readonly through: (cache: HttpCache) => Ask }[] = [
  {
    client: 'axios',
    through: (cache) => {
      const api = axios.create({ proxy: false, responseType: 'text' });
      installCache(api, { cache });
      return async (url, signal, method = 'GET') =>
        (await api.request<string>({ url, method, ...(signal && { signal }) })).data;
    },
  },
  {
    client: 'got',
    through: (cache) => {
      const api = got.extend(gotCache({ cache }), { retry: { limit: 0 } });
      return async (url, signal, method = 'GET') =>
        await api(url, { method, ...(signal && { signal }) }).text();
    },
  },
];

/** Several caches on one folder, each as if in a process of its own. */
async function stage(
  through: (cache: HttpCache) => Ask,
  Manager: new (options: StreamingManagerOptions) => StreamingManager = StreamingManager,
) {
  const folder = await tempDir();
  const origin: Origin = await startOrigin({
    '/': async ({ response, nth, toldToGoOn }) => {
      await toldToGoOn;
      response.writeHead(200, { 'Cache-Control': 'max-age=60' }).end(`answer ${nth}`);
    },
  });
  const clock = new SettableClock(Date.now());
  const makers = [1, 2, 3].map(() => {
    const events: CacheEvent[] = [];
    const cache = new HttpCache({
      manager: new Manager({ path: folder.path, minFree: 0, clock }),
      // Longer than a busy machine takes for anything.
      collapseTimeout: 20_000,
      onEvent: (event) => events.push(event),
    });
    const told = (type: CacheEvent['type']): number => events.filter((event) => event.type === type).length;
    return { cache, ask: through(cache), told };
  });
  const [holder, other, third] = makers;
  if (holder === undefined || other === undefined || third === undefined) throw new Error('There are three.');
  return {
    url: `${origin.url}/`,
    origin,
    holder,
    other,
    third,
    /** That of leases. */
    clock,
    [Symbol.asyncDispose]: async () => {
      await origin.close();
      for (const { cache } of makers) await cache.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe.each(clients)('a cache whose store is shared, with $client', ({ through }) => {
  it('waits for what another asks for, and has its callers wait for that', async () => {
    await using all = await stage(through);
    const { url, origin, holder, other } = all;
    const first = holder.ask(url);
    await origin.received('/');
    const others = [1, 2, 3].map(async () => await other.ask(url));
    await vi.waitFor(() => expect(other.told('wait')).toBe(3), { timeout: 5000 });
    origin.goOn();
    expect(await Promise.all([first, ...others])).toEqual(Array.from({ length: 4 }, () => 'answer 1'));
    expect(origin.count()).toBe(1);
  });

  it.each(['GET', 'HEAD'] as const)('does not wait for a %s from before an invalidation', async (method) => {
    await using all = await stage(through);
    const { url, origin, holder, other } = all;
    const first = holder.ask(url, undefined, method);
    await origin.received('/');
    await other.cache.invalidate(url);
    const second = other.ask(url, undefined, method);
    await origin.received('/', 2);
    origin.goOn();
    await Promise.all([first, second]);
  });

  it('goes on for its other callers when the one leaves that waited for another cache', async () => {
    await using all = await stage(through);
    const { url, origin, holder, other } = all;
    const first = holder.ask(url);
    await origin.received('/');
    const leaving = new AbortController();
    const left = other.ask(url, leaving.signal).then(
      () => 'answered',
      () => 'left',
    );
    await vi.waitFor(() => expect(other.told('wait')).toBe(1), { timeout: 5000 });
    const others = [1, 2].map(async () => await other.ask(url));
    await vi.waitFor(() => expect(other.told('wait')).toBe(3), { timeout: 5000 });
    leaving.abort();
    expect(await left).toBe('left');
    origin.goOn();
    expect(await Promise.all([first, ...others])).toEqual(['answer 1', 'answer 1', 'answer 1']);
    expect(origin.count()).toBe(1);
  });

  it('asks in the stead of one whose caller left', async () => {
    await using all = await stage(through);
    const { url, origin, holder, other } = all;
    const leaving = new AbortController();
    const left = holder.ask(url, leaving.signal).catch(() => 'left');
    await origin.received('/');
    const second = other.ask(url);
    await vi.waitFor(() => expect(other.told('wait')).toBe(1), { timeout: 5000 });
    leaving.abort();
    expect(await left).toBe('left');
    await origin.received('/', 2);
    origin.goOn();
    expect(await second).toBe('answer 2');
  });

  it('asks when the other got an answer that is not stored', async () => {
    await using all = await stage(through);
    const { url, origin, holder, other } = all;
    origin.route('/', async ({ response, nth, toldToGoOn }) => {
      if (nth === 1) await toldToGoOn;
      response.writeHead(200, { 'Cache-Control': 'no-store' }).end(`answer ${nth}`);
    });
    const first = holder.ask(url);
    await origin.received('/');
    const others = [1, 2].map(async () => await other.ask(url));
    await vi.waitFor(() => expect(other.told('wait')).toBe(2), { timeout: 5000 });
    origin.goOn();
    expect(await first).toBe('answer 1');
    expect((await Promise.all(others)).toSorted()).toEqual(['answer 2', 'answer 3']);
  });

  it('waits again a second after an answer that tells of a failure', async () => {
    await using all = await stage(through);
    const { url, origin, holder, other, third, clock } = all;
    origin.route('/', async ({ response, nth, toldToGoOn }) => {
      if (nth === 2) await toldToGoOn;
      response.writeHead(nth === 1 ? 503 : 200, nth === 1 ? {} : { 'Cache-Control': 'max-age=60' });
      response.end(`answer ${nth}`);
    });
    await holder.ask(url).catch(() => undefined);
    await holder.cache.idle();
    clock.advance(1001);
    const second = other.ask(url);
    await origin.received('/', 2);
    const waiting = third.ask(url);
    await vi.waitFor(() => expect(third.told('wait') + third.told('forward')).toBe(1), { timeout: 5000 });
    origin.goOn();
    expect(await Promise.all([second, waiting])).toEqual(['answer 2', 'answer 2']);
    expect(origin.count()).toBe(2);
  });

  it.each([
    ['was cut off', (response: ServerResponse) => void response.destroy()],
    ['failed', (response: ServerResponse) => void response.writeHead(503).end()],
  ])('refreshes once at a time when the last refresh %s', async (_, fail) => {
    await using all = await stage(through);
    const { url, origin, holder, other, third } = all;
    const headers = { 'Cache-Control': 'max-age=0, stale-while-revalidate=60', ETag: '"e"' };
    origin.route('/', async ({ response, nth, toldToGoOn }) => {
      if (nth > 2) await toldToGoOn;
      if (nth === 2) fail(response);
      else response.writeHead(200, headers).end('answer');
    });
    await holder.ask(url);
    await holder.cache.idle();
    await holder.ask(url);
    await origin.received('/', 2);
    await holder.cache.idle();
    await other.ask(url);
    await origin.received('/', 3);
    await third.ask(url);
    await Promise.race([third.cache.idle(), origin.received('/', 4)]);
    expect(origin.count()).toBe(3);
    origin.goOn();
  });

  it.each([
    ['fails', FailingLeases],
    ['hangs', HangingLeases],
  ])('asks when its manager %s at leases, and tells', async (_, Manager) => {
    await using all = await stage(through, Manager);
    const { url, origin, holder, other } = all;
    origin.route('/', ({ response }) => void response.end('answer'));
    expect(await Promise.all([holder.ask(url), other.ask(url)])).toEqual(['answer', 'answer']);
    expect(origin.count()).toBe(2);
    expect(holder.told('error')).toBe(1);
  });
});
