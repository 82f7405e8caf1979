import { setImmediate, setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { CacheEvent } from '../../src/engine/events.ts';
import { MemoryManager } from '../../src/managers/memory/memory-manager.ts';
import type { CacheEntry } from '../../src/managers/manager.ts';
import { Gate } from '../helpers/gate.ts';
import { startOrigin, type Route } from '../helpers/origin.ts';
import { makeRig, MapManager } from './caches.ts';
import { fetchThrough } from './fetch-through.ts';

const cacheable: Route = ({ response, nth }) => {
  response.sendDate = false;
  response.writeHead(200, { 'Cache-Control': 'max-age=60', ETag: '"e"' }).end(`body ${nth}`);
};

const never = (): Promise<never> => new Promise(() => undefined);
const rejects = async (): Promise<never> => {
  throw new Error('down');
};
const throws = (): never => {
  throw new Error('down');
};

class UnrulyWriters extends MemoryManager {
  readonly first: 'write' | 'commit';
  readonly abort: () => Promise<never>;

  constructor(first: 'write' | 'commit', abort: () => Promise<never>) {
    super();
    this.first = first;
    this.abort = abort;
  }

  override putStream(
    ...args: Parameters<MemoryManager['putStream']>
  ): ReturnType<MemoryManager['putStream']> {
    const writer = super.putStream(...args);
    return Object.assign(writer, {
      [this.first]: this.first === 'write' ? throws : rejects,
      abort: this.abort,
    });
  }
}

describe.each(['write', 'commit'] as const)('a writer whose %s fails', (first) => {
  it.each(Object.entries({ throws, rejects, 'never answers': never }))(
    'and whose abort %s hurts nobody',
    async (_name, abort) => {
      await using origin = await startOrigin({ '/': cacheable });
      const { cache } = makeRig({ manager: new UnrulyWriters(first, abort) });
      expect((await fetchThrough(cache, `${origin.url}/`)).body).toBe('body 1');
      await cache.idle();
      expect((await fetchThrough(cache, `${origin.url}/`, { method: 'POST' })).body).toBe('body 2');
      expect((await fetchThrough(cache, `${origin.url}/`)).body).toBe('body 3');
      await cache.close();
    },
  );
});

describe('a stored response whose release throws', () => {
  it('hurts nobody', async () => {
    await using origin = await startOrigin({ '/': cacheable });
    class Clinging extends MemoryManager {
      override getStream(cacheKey: string): ReturnType<MemoryManager['getStream']> {
        const stored = super.getStream(cacheKey);
        return stored === undefined ? undefined : Object.assign(Object.create(stored), { release: throws });
      }
    }
    const { cache, advance } = makeRig({ manager: new Clinging() });
    await fetchThrough(cache, `${origin.url}/`);
    advance(61_000);
    expect((await fetchThrough(cache, `${origin.url}/`)).body).toBe('body 2');
  });
});

describe('what is damaged in the store', () => {
  const damages: Record<string, (entry: CacheEntry) => unknown> = {
    'no freshness': ({ response, policy }) => ({ response, policy: { ...policy, freshness: undefined } }),
    'no directives': ({ response, policy }) => ({ response, policy: { ...policy, directives: {} } }),
    'no selecting fields': ({ response, policy }) => ({ response, policy: { ...policy, selecting: 'x' } }),
    'a status that is none': ({ response, policy }) => ({ response: { ...response, status: 99 }, policy }),
    'a field with a line end': ({ response, policy }) => ({
      response: { ...response, headers: [...response.headers, ['X', 'a\r\nSet-Cookie: b']] },
      policy,
    }),
    'a body that is too short': ({ response, policy }) => ({
      response: {
        ...response,
        headers: [...response.headers, ['Content-Length', '6']],
        body: Buffer.from('b'),
      },
      policy,
    }),
    'nothing but text': () => 'text',
  };

  it.each(Object.entries(damages))('is a miss that heals: %s', async (_name, damage) => {
    await using origin = await startOrigin({ '/': cacheable });
    const manager = new MapManager();
    const { cache } = makeRig({ manager });
    await fetchThrough(cache, `${origin.url}/`);
    await cache.idle();
    const entries: Map<string, unknown> = manager.entriesByKey;
    for (const [key, entry] of manager.entriesByKey) entries.set(key, damage(entry));
    expect(await fetchThrough(cache, `${origin.url}/`)).toMatchObject({
      body: 'body 2',
      info: { outcome: 'miss' },
    });
    await cache.idle();
    expect((await fetchThrough(cache, `${origin.url}/`)).info.outcome).toBe('hit');
  });

  it('is left alone when a later version wrote it, and an event says so', async () => {
    await using origin = await startOrigin({ '/': cacheable });
    const manager = new MapManager();
    const { cache, events } = makeRig({ manager });
    await fetchThrough(cache, `${origin.url}/`);
    await cache.idle();
    const entries: Map<string, unknown> = manager.entriesByKey;
    for (const [key, entry] of manager.entriesByKey)
      entries.set(key, { ...entry, policy: { v: 2, kind: 'new' } });
    const later = [...entries];
    expect((await fetchThrough(cache, `${origin.url}/`)).body).toBe('body 2');
    await cache.idle();
    expect([...manager.entriesByKey]).toEqual(later);
    const told = events.flatMap((event) => (event.type === 'error' ? [event.error.message] : []));
    expect(told).toEqual([expect.stringContaining('was stored by a later version of http-larder')]);
  });
});

describe('a manager that hangs', () => {
  it('is left alone for a while, so that only the first request waits', async () => {
    await using origin = await startOrigin({ '/': cacheable });
    const manager = new MapManager();
    let asked = 0;
    manager.get = () => {
      asked += 1;
      return never();
    };
    const { cache } = makeRig({ manager, managerTimeout: 200 });
    for (const method of ['GET', 'GET', 'HEAD']) await fetchThrough(cache, `${origin.url}/`, { method });
    expect(asked).toBe(1);
  });

  it('is tried by one request alone after that, until it answers', async () => {
    await using origin = await startOrigin({ '/': cacheable });
    const manager = new MapManager();
    const get = manager.get.bind(manager);
    let asked = 0;
    let hangs = true;
    manager.get = (key) => {
      asked += 1;
      return hangs ? never() : get(key);
    };
    const { cache } = makeRig({ manager, managerTimeout: 30, collapseTimeout: 0 });
    const askAtOnce = (): Promise<unknown> =>
      Promise.all([1, 2, 3, 4].map((nth) => fetchThrough(cache, `${origin.url}/?${nth}`)));
    await fetchThrough(cache, `${origin.url}/`);
    await delay(200);
    asked = 0;
    await askAtOnce();
    expect(asked).toBe(1);
    hangs = false;
    await delay(200);
    await askAtOnce();
    await askAtOnce();
    expect(asked).toBeGreaterThan(4);
  });

  it('is used by all again once it answers at once', async () => {
    await using origin = await startOrigin({ '/': cacheable });
    const manager = new MemoryManager();
    const getStream = manager.getStream.bind(manager);
    let hangs = false;
    Object.assign(manager, { getStream: (key: string) => (hangs ? never() : getStream(key)) });
    const { cache } = makeRig({ manager, managerTimeout: 30, collapseTimeout: 0 });
    const ask = async (): Promise<string> => (await fetchThrough(cache, `${origin.url}/`)).info.outcome;
    await ask();
    hangs = true;
    await ask();
    hangs = false;
    await expect.poll(ask).toBe('hit');
    expect(await ask()).toBe('hit');
  });
});

describe('a response that was stored too late', () => {
  const lateStore = async (
    origin: string,
    after: (key: string, manager: MapManager) => void,
  ): Promise<MapManager> => {
    const manager = new MapManager();
    const reported = new Gate();
    const stored = new Gate();
    const put = manager.put.bind(manager);
    manager.put = async (key, response, policy) => {
      if (policy.kind === 'index') return await put(key, response, policy);
      await reported.opened;
      await put(key, response, policy);
      after(key, manager);
      stored.open();
      return response;
    };
    const onEvent = ({ type }: CacheEvent): void => {
      if (type === 'error') reported.open();
    };
    const { cache } = makeRig({ manager, managerTimeout: 5, onEvent });
    await fetchThrough(cache, `${origin}/`);
    await stored.opened;
    // What is late is seen in a turn of its own.
    await setImmediate();
    await cache.idle();
    return manager;
  };

  it('is taken away', async () => {
    await using origin = await startOrigin({ '/': cacheable });
    const manager = await lateStore(origin.url, () => {});
    expect([...manager.entriesByKey.values()].map(({ policy }) => policy.kind)).toEqual([]);
  });

  it('is not when something else lies there by then, such as what another process invalidated leaves', async () => {
    await using origin = await startOrigin({ '/': cacheable });
    const manager = await lateStore(origin.url, (key, { entriesByKey }) => {
      const entry = entriesByKey.get(key);
      const index = { v: 1, kind: 'index', id: 'i', epoch: 'e', invalidatedAt: 1, sets: [] } as const;
      if (entry !== undefined) entriesByKey.set(key, { ...entry, policy: index });
    });
    expect([...manager.entriesByKey.values()].map(({ policy }) => policy.kind)).toEqual(['index']);
  });
});
