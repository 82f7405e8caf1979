import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll } from 'vitest';
import { CacacheManager } from '../../src/managers/cacache/index.ts';
import { StreamingManager } from '../../src/managers/disk/streaming-manager.ts';
import type { CacheManager } from '../../src/managers/manager.ts';
import { MemoryManager } from '../../src/managers/memory/memory-manager.ts';
import { RedisManager } from '../../src/managers/redis/index.ts';
import { type CacheEvent, HttpCache, type HttpCacheOptions } from '../../src/index.ts';
import { SettableClock } from '../../src/testing/settable-clock.ts';
import { MapManager } from '../engine/caches.ts';
import { type Origin, type Route, startOrigin } from '../helpers/origin.ts';
import { hasRedis, anyRedis } from '../helpers/redis-server.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import type { Asking } from '../rfc9111/ask.ts';
import { type ClientRow, clientRows } from '../streams/clients.ts';

/** A store, and ways into it: each manager stands for a process of its own, but in memory. */
interface Store extends AsyncDisposable {
  manager(): CacheManager;
}

/** A client on a store. */
export interface Row extends ClientRow {
  readonly store: string;
  readonly openStore: () => Promise<Store>;
}

const stores: readonly Pick<Row, 'store' | 'openStore'>[] = [
  {
    store: 'memory',
    openStore: async () => {
      const manager = new MemoryManager();
      return { manager: () => manager, [Symbol.asyncDispose]: async () => undefined };
    },
  },
  { store: 'disk', openStore: () => inFolder((path) => new StreamingManager({ path, minFree: 0 })) },
  { store: 'cacache', openStore: () => inFolder((path) => new CacacheManager({ path })) },
  {
    store: 'a manager of three methods',
    openStore: async () => {
      const first = new MapManager();
      return {
        manager: () => {
          const other = new MapManager();
          Object.defineProperty(other, 'entriesByKey', { value: first.entriesByKey });
          return other;
        },
        [Symbol.asyncDispose]: async () => undefined,
      };
    },
  },
  // One server for all tests of a file, which calls `endRedisAfterwards`, and a prefix for each.
  ...(hasRedis ? [{ store: 'Redis', openStore: onRedis }] : []),
];

let redis: ReturnType<typeof anyRedis> | undefined;

/** Has what a file's tests need of Redis end with them: files may share this module. */
export function endRedisAfterwards(): void {
  afterAll(async () => {
    await (await redis)?.[Symbol.asyncDispose]();
    redis = undefined;
  });
}

async function onRedis(): Promise<Store> {
  const { url } = await (redis ??= anyRedis());
  const prefix = randomUUID();
  const clients: Redis[] = [];
  return {
    manager: () => {
      const client = new Redis(url);
      clients.push(client);
      return new RedisManager({ client, prefix });
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) client.disconnect();
    },
  };
}

async function inFolder(open: (path: string) => CacheManager): Promise<Store> {
  const folder = await tempDir();
  const managers: CacheManager[] = [];
  return {
    manager: () => {
      const manager = open(folder.path);
      managers.push(manager);
      return manager;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(managers.map(async (manager) => manager.close?.()));
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Each client on each store. */
export const rows: readonly Row[] = clientRows.flatMap((client) =>
  stores.map((store) => ({ ...client, ...store })),
);

/** Those whose store another process can reach. */
export const sharedRows: readonly Row[] = rows.filter(({ store }) => store !== 'memory');

/** An origin and caches on one store; dispose of it with `await using`. */
export interface Setting extends Asking, AsyncDisposable {
  readonly origin: Origin;
  readonly cache: HttpCache;
  readonly manager: CacheManager;
  readonly clock: SettableClock;
  readonly events: CacheEvent[];
  /** Another cache on the same store, as in another process. */
  join(options?: Options): Asking;
}

type Options = Omit<HttpCacheOptions, 'manager' | 'clock' | 'onEvent'>;

/** Sets an origin and a cache up. Their time stands still until it is told otherwise. */
export async function setUp(
  { connect, openStore }: Row,
  routes: Readonly<Record<string, Route>>,
  options: Options = {},
): Promise<Setting> {
  const clock = new SettableClock();
  const origin = await startOrigin(routes, { date: () => new Date(clock.now()) });
  const store = await openStore();
  const events: CacheEvent[] = [];
  const caches: HttpCache[] = [];
  const manager = store.manager();
  const open = (own: Options, on: CacheManager, onEvent?: (event: CacheEvent) => void): HttpCache => {
    const told = onEvent === undefined ? {} : { onEvent };
    const cache = new HttpCache({ ...options, ...own, ...told, manager: on, clock });
    caches.push(cache);
    return cache;
  };
  const cache = open({}, manager, (event) => events.push(event));
  return {
    origin,
    cache,
    manager,
    clock,
    events,
    client: connect(cache),
    join: (own = {}) => {
      const joined = open(own, store.manager());
      return { origin, cache: joined, client: connect(joined) };
    },
    [Symbol.asyncDispose]: async () => {
      await origin.close();
      await Promise.all(caches.map((one) => one.idle()));
      await store[Symbol.asyncDispose]();
    },
  };
}
