import { Redis } from 'ioredis';
import { HttpCache } from '../../../src/http-cache.ts';
import { RedisManager } from '../../../src/managers/redis/redis-manager.ts';
import { answerTasks } from '../../helpers/parent-process.ts';
import { clientRows } from '../../streams/clients.ts';

/** Several requests for one URL at once, through a cache in a Redis that others use too. */
export interface FleetTask {
  readonly client: string;
  /** The URL of a Redis. */
  readonly store: string;
  readonly url: string;
  readonly requests: number;
  /** Whether it answers only once all is stored, and marked as stale. */
  readonly markStale?: true;
}

/** What came of each. */
export type FleetReport = readonly { readonly body: string; readonly outcome: string | undefined }[];

// The connections to Redis would hold it.
process.on('disconnect', () => process.exit());

const caches = new Map<string, HttpCache>();

answerTasks(async (task): Promise<FleetReport> => {
  const { client, store, url, requests, markStale } = task as FleetTask;
  const cache = caches.get(store) ?? open(store);
  caches.set(store, cache);
  const connected = clientRows.find((row) => row.client === client)?.connect(cache);
  if (connected === undefined) throw new Error(`There is no client ${client}.`);
  const answers = await Promise.all(
    Array.from({ length: requests }, async () => {
      const { body, info } = await connected.fetch(url);
      return { body: body.toString(), outcome: info?.outcome };
    }),
  );
  if (markStale) {
    await cache.idle();
    await cache.markStale(url);
  }
  return answers;
});

function open(url: string): HttpCache {
  // A busy machine is slow: whoever waits, waits for long.
  return new HttpCache({
    manager: new RedisManager({ client: new Redis(url) }),
    collapseTimeout: 15_000,
    managerTimeout: 5000,
  });
}
