import { randomUUID } from 'node:crypto';
import { headKey } from '../core/cache-key.ts';
import type { CachePolicy } from '../core/policy-types.ts';
import type { StoredResponse } from '../managers/manager.ts';
import type { EngineContext } from './context.ts';
import { withDeadline } from './deadline.ts';
import { keepToTell, leaveBehind, tellInvalidation, type Invalidation } from './invalidate.ts';
import { release } from './release.ts';
import { failed } from './store.ts';

/** How often an entry is read anew that others write at the same time. */
const mostAttempts = 4;

/**
 * Marks all that is stored for a target URI as stale, and keeps out of the store what was asked for before. Where the store
 * fails at it, what is there counts as invalidated in this process. Always fulfils, as {@link invalidate} does.
 */
export function markStale(context: EngineContext, target: Omit<Invalidation, 'now'>): Promise<void> {
  const now = context.now();
  const { primary } = target;
  context.flights.invalidate(primary);
  tellInvalidation(context, target, true);
  const done = context.writes.run(primary, async () => {
    for (const slot of [primary, headKey(primary)]) {
      if (await markSlot(context, slot, { ...target, now })) continue;
      context.invalidations.note(primary, now);
      keepToTell(context, { ...target, now });
      return;
    }
  });
  context.flights.settle(primary, done);
  return withDeadline(done, { ms: 2 * context.options.managerTimeout, expired: () => undefined });
}

/** Whether what lies there counts as stale from now on. */
async function markSlot(context: EngineContext, slot: string, invalidation: Invalidation): Promise<boolean> {
  const { store } = context;
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const entry = await store.get(slot);
    if (entry === failed) return false;
    release(entry);
    if (entry === undefined) {
      if (slot !== invalidation.primary) return true;
      return (await leaveBehind(context, invalidation)) !== failed;
    }
    const token = await store.update(slot, entry, entry.head, marked(entry, invalidation.now));
    if (token === failed) return false;
    if (token !== undefined) return true;
  }
  return false;
}

function marked({ policy }: StoredResponse, now: number): CachePolicy {
  if (policy.kind === 'response') return { ...policy, staleSince: now };
  // Another than before, so that what was stored since the last time is stale too.
  return { ...policy, id: randomUUID(), staleSince: Math.max(now, (policy.staleSince ?? 0) + 1) };
}
