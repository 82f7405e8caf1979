import type { Lease, LeaseOptions } from '../manager.ts';
import type { RedisEntries } from './redis-entries.ts';
import { numberOf } from './replies.ts';
import { LEASE, RELEASE, RENEW, run } from './scripts.ts';
import { newName } from './stored-entry.ts';

/** What everybody gets while nobody needs to wait. */
const OPEN: Lease = { renew: () => true, release: () => undefined };

/** Takes the lease on an entry; `undefined` when another has it. */
export async function takeLease(
  entries: RedisEntries,
  cacheKey: string,
  { ttlMs }: LeaseOptions,
): Promise<Lease | undefined> {
  const key = entries.names.lease(entries.keysOf(cacheKey).entry);
  const holder = newName();
  const answer = numberOf(await run(entries.port, LEASE, [key], [holder, ttlMs]));
  if (answer === 0) return undefined;
  if (answer === 2) return OPEN;
  return {
    renew: async () => numberOf(await run(entries.port, RENEW, [key], [holder, ttlMs])) === 1,
    release: async ({ openForMs = 0 } = {}) => {
      await run(entries.port, RELEASE, [key], [holder, openForMs]);
    },
  };
}
