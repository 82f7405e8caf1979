import { HttpCache } from '../../src/http-cache.ts';
import type { HttpCacheOptions } from '../../src/index.ts';
import type { CacheEvent } from '../../src/engine/events.ts';
import { SettableClock } from '../../src/testing/settable-clock.ts';
import { type Origin, type Route, startOrigin } from '../helpers/origin.ts';
import { type Client, type ClientRow, clientRows } from './clients.ts';
import { type Limits, type OpenStore, type StoreRow, storeRows } from './stores.ts';

/** A client on a store. */
export interface StageRow extends ClientRow, StoreRow {}

/** Each client on each store, for `describe.each`. */
export const stageRows: readonly StageRow[] = clientRows.flatMap((client) =>
  storeRows.map((store) => ({ ...client, ...store })),
);

/** Those that differ in how they store: how a body is read back makes no difference to that. */
export const storingRows: readonly StageRow[] = stageRows.filter(
  ({ store }) => store !== 'disk, read asynchronously',
);

/** An origin, a client that asks it through a cache, and one that asks it without. */
export interface Stage extends AsyncDisposable {
  readonly origin: Origin;
  readonly store: OpenStore;
  readonly cache: HttpCache;
  readonly clock: SettableClock;
  readonly events: CacheEvent[];
  readonly client: Client;
  readonly uncached: Client;
  /** The URIs of what is stored, once nothing is on its way into the store any more. */
  stored(): Promise<string[]>;
}

/** Options of the cache that a stage may have. */
export type StageOptions = Omit<HttpCacheOptions, 'manager' | 'clock' | 'onEvent'>;

/**
 * Sets a stage; dispose of it with `await using`. Its time, which the origin's `Date` follows, stands still until it is
 * told otherwise.
 */
export async function setStage(
  { connect, openStore }: StageRow,
  routes: Readonly<Record<string, Route>>,
  options: Limits & StageOptions = {},
): Promise<Stage> {
  const { maxSize, maxEntrySize, ...cacheOptions } = options;
  const clock = new SettableClock();
  const origin = await startOrigin(routes, { date: () => new Date(clock.now()) });
  const store = await openStore({
    ...(maxSize === undefined ? {} : { maxSize }),
    ...(maxEntrySize === undefined ? {} : { maxEntrySize }),
  });
  const events: CacheEvent[] = [];
  const cache = new HttpCache({
    ...cacheOptions,
    manager: store.manager,
    clock,
    onEvent: (event) => events.push(event),
  });
  return {
    origin,
    store,
    cache,
    clock,
    events,
    client: connect(cache),
    uncached: connect(),
    stored: async () => {
      await cache.idle();
      const urls: string[] = [];
      for await (const { head } of cache.entries()) urls.push(head.url);
      return urls;
    },
    [Symbol.asyncDispose]: async () => {
      await origin.close();
      await cache.idle();
      await store[Symbol.asyncDispose]();
    },
  };
}
