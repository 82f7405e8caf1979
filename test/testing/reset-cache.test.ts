import { describe, expect, it } from 'vitest';
import { HttpCache } from '../../src/index.ts';
import type { CacheEntry, CacheManager } from '../../src/managers/manager.ts';
import { MemoryManager } from '../../src/managers/memory/memory-manager.ts';
import { resetCache, SettableClock } from '../../src/testing/index.ts';
import { managerRows } from '../helpers/managers.ts';
import { startOrigin, type Route } from '../helpers/origin.ts';
import { clientRows } from '../streams/clients.ts';

const routes: Readonly<Record<string, Route>> = {
  '/fresh': ({ response, nth, date }) => {
    response.writeHead(200, { Date: date, 'Cache-Control': 'max-age=60' }).end(String(nth));
  },
  '/slow': async ({ response, date, toldToGoOn }) => {
    response.writeHead(200, { Date: date, 'Cache-Control': 'max-age=60' });
    response.write('slow');
    await toldToGoOn;
    response.end('ly');
  },
  '/unshared': ({ response, date }) => {
    response.writeHead(200, { Date: date, 'Cache-Control': 'no-store' }).end();
  },
};

const rows = clientRows.flatMap(({ client, connect }) =>
  managerRows.map(({ name, open }) => ({ client, name, connect, open })),
);

describe.each(rows)('resetCache, $client, $name', ({ connect, open }) => {
  it('leaves nothing of what was stored and counted', async () => {
    await using origin = await startOrigin(routes);
    await using opened = await open();
    const cache = new HttpCache({ manager: opened.manager });
    const client = connect(cache);
    const ask = async (): Promise<[string, string | undefined]> => {
      const { body, info } = await client.fetch(`${origin.url}/fresh`);
      return [String(body), info?.outcome];
    };
    expect([await ask(), await ask()]).toEqual([
      ['1', 'miss'],
      ['1', 'hit'],
    ]);
    await resetCache(cache);
    const { manager: held, ...counted } = await cache.stats();
    const { manager: none, ...fresh } = await new HttpCache().stats();
    expect(counted).toEqual(fresh);
    expect(held).toMatchObject({ entries: 0 });
    expect(none).toMatchObject({ entries: 0 });
    expect([await ask(), await ask()]).toEqual([
      ['2', 'miss'],
      ['2', 'hit'],
    ]);
  });

  it('keeps out of the store what is under way, and lets its reader have it', async () => {
    await using origin = await startOrigin(routes);
    await using opened = await open();
    const cache = new HttpCache({ manager: opened.manager });
    const client = connect(cache);
    const answer = client.fetch(`${origin.url}/slow`);
    await origin.received('/slow');
    await resetCache(cache);
    const again = client.fetch(`${origin.url}/slow`);
    await origin.received('/slow', 2);
    origin.goOn();
    expect(String((await answer).body)).toBe('slowly');
    expect(String((await again).body)).toBe('slowly');
    await cache.idle();
    await expect(cache.stats()).resolves.toMatchObject({ stored: 1, manager: { entries: 1 } });
  });
});

describe('resetCache', () => {
  it('lets a clock be set back that an invalidation was noted by', async () => {
    await using origin = await startOrigin(routes, { date: new Date(0) });
    const clock = new SettableClock(10_000);
    // It cannot delete, so that the cache has to remember the invalidation by itself.
    const manager = Object.assign(new MemoryManager(), {
      delete: async () => Promise.reject(new Error('cannot')),
    });
    const cache = new HttpCache({ manager, clock });
    const client = clientRows[0]?.connect(cache);
    const ask = async (): Promise<string | undefined> =>
      (await client?.fetch(`${origin.url}/fresh`))?.info?.outcome;
    await cache.delete(`${origin.url}/fresh`);
    await resetCache(cache);
    clock.set(5_000);
    expect([await ask(), await ask()]).toEqual(['miss', 'hit']);
  });

  it('forgets that responses could not be shared', async () => {
    await using origin = await startOrigin(routes);
    let waits = 0;
    const cache = new HttpCache({ onEvent: ({ type }) => void (waits += type === 'wait' ? 1 : 0) });
    const client = clientRows[0]?.connect(cache);
    const askTwice = async (): Promise<number> => {
      await Promise.all([client?.fetch(`${origin.url}/unshared`), client?.fetch(`${origin.url}/unshared`)]);
      return waits;
    };
    expect([await askTwice(), await askTwice()]).toEqual([1, 1]);
    await resetCache(cache);
    expect(await askTwice()).toBe(2);
  });

  it('asks a manager again that did not answer in time', async () => {
    await using origin = await startOrigin(routes);
    const entries = new Map<string, CacheEntry>();
    let hangs = true;
    const manager: CacheManager = {
      get: (key) => (hangs ? new Promise(() => undefined) : Promise.resolve(entries.get(key))),
      put: async (key, response, policy) => (entries.set(key, { response, policy }), response),
      delete: async (key) => void entries.delete(key),
      clear: async () => entries.clear(),
    };
    const cache = new HttpCache({ manager, managerTimeout: 200 });
    const client = clientRows[0]?.connect(cache);
    const ask = async (): Promise<string | undefined> =>
      (await client?.fetch(`${origin.url}/fresh`))?.info?.reason;
    expect(await ask()).toBe('fault');
    hangs = false;
    await resetCache(cache);
    expect([await ask(), await ask()]).toEqual(['uri-miss', 'fresh']);
  });

  it('rejects where the manager cannot be cleared', async () => {
    const three = new Map<string, CacheEntry>();
    const manager: CacheManager = {
      get: async (key) => three.get(key),
      put: async (key, response, policy) => (three.set(key, { response, policy }), response),
      delete: async (key) => void three.delete(key),
    };
    await expect(resetCache(new HttpCache({ manager }))).rejects.toMatchObject({
      code: 'ERR_HTTP_CACHE_MANAGER',
    });
  });
});
