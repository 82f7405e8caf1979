import { randomUUID } from 'node:crypto';
import { headKey } from '../core/cache-key.ts';
import type { EngineContext } from './context.ts';
import { withDeadline } from './deadline.ts';
import { release } from './release.ts';
import { failed } from './store.ts';

/** What is invalidated for a target URI, and when. */
export interface Invalidation {
  readonly primary: string;
  readonly url: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Counts an invalidation of a target URI, and tells of it. */
export function tellInvalidation(
  { counters, events }: EngineContext,
  { primary, url }: Omit<Invalidation, 'now'>,
  isStale: boolean,
): void {
  counters.invalidated += 1;
  if (!events.observed('invalidate')) return;
  events.emit({ type: 'invalidate', url, tag: undefined, prefix: undefined, key: primary, isStale });
}

/**
 * Invalidates all that is stored for a target URI (RFC 9111 §4.4), and keeps out of the store what was asked for before.
 * It holds in this process from the moment this is called; when the promise is fulfilled, which it always is, it holds
 * for others on the same store too, unless the store could not be told or is slow: then this process goes on minding it
 * until the store knows.
 */
export function invalidate(context: EngineContext, primary: string, url: string): Promise<void> {
  const now = context.now();
  context.flights.invalidate(primary);
  context.invalidations.note(primary, now);
  tellInvalidation(context, { primary, url }, false);
  const done = context.writes.run(primary, async () => {
    const left = await leaveBehind(context, { primary, url, now });
    // Not before others can know, or one of them might store its response anew.
    const head = await context.store.delete(headKey(primary));
    if (left !== failed && head !== failed) context.invalidations.confirmed(primary, now);
    else keepToTell(context, { primary, url, now });
  });
  // What is written before it may be slow; until then this process minds the invalidation by itself.
  return withDeadline(done, { ms: 2 * context.options.managerTimeout, expired: () => undefined });
}

/** Has the store told later of an invalidation that it did not take. */
export function keepToTell(context: EngineContext, invalidation: Invalidation): void {
  const { primary, now } = invalidation;
  context.untold.add(primary, () =>
    context.writes.run(primary, async () => {
      const isTold = (await leaveNewer(context, invalidation)) && (await forgetHead(context, invalidation));
      if (isTold) context.invalidations.confirmed(primary, now);
      return isTold;
    }),
  );
}

/** As {@link leaveBehind}, later than it was asked for: what came since stays. */
async function leaveNewer(context: EngineContext, invalidation: Invalidation): Promise<boolean> {
  const { primary, now } = invalidation;
  const entry = await context.store.get(primary);
  if (entry === failed) return false;
  if (entry !== undefined) {
    release(entry);
    const { policy } = entry;
    const isNewer = policy.kind === 'index' ? policy.invalidatedAt >= now : policy.requestTime > now;
    if (isNewer) return true;
  }
  return (await leaveBehind(context, invalidation)) !== failed;
}

async function forgetHead({ store }: EngineContext, { primary, now }: Invalidation): Promise<boolean> {
  const entry = await store.get(headKey(primary));
  if (entry === undefined) return true;
  if (entry === failed) return false;
  release(entry);
  if (entry.policy.kind === 'response' && entry.policy.requestTime > now) return true;
  return (await store.delete(headKey(primary), entry.token)) !== failed;
}

/**
 * Takes the entry at the primary key away. Its variants' keys come from its epoch, so without it, or under a new one,
 * nothing leads to them. Where others use the store too, an index takes its place that tells them the time, so that
 * what they asked for before then stays out.
 */
export async function leaveBehind(
  { store }: EngineContext,
  { primary, url, now }: Invalidation,
): Promise<unknown> {
  if (store.isPrivateToProcess) return store.delete(primary);
  const left = await store.putIndex(primary, url, {
    v: 1,
    kind: 'index',
    id: randomUUID(),
    epoch: randomUUID(),
    invalidatedAt: now,
    sets: [],
  });
  // On a full disk there is no room for the time, but what is there can go: then nobody reuses it at least.
  if (left === failed) await store.delete(primary);
  return left;
}
