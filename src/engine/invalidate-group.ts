import type { EngineContext } from './context.ts';
import { withDeadline } from './deadline.ts';

/** A group of stored responses, as events tell of it. */
export interface NamedGroup {
  /** The key of its record. */
  readonly key: string;
  /** The tag, or the group's name. */
  readonly tag: string;
  /** The origin whose group it is; `undefined` for a tag. */
  readonly origin: string | undefined;
}

/**
 * Invalidates all that is in a group, or marks it as stale, and keeps out of the store what was asked for before and turns
 * out to be in it. An invalidation holds in this process from the moment this is called, and for others on the same store
 * when the promise is fulfilled, which it always is, unless the store could not be told: then this process goes on minding it.
 */
export function invalidateGroup(
  context: EngineContext,
  { key, tag, origin }: NamedGroup,
  isStale: boolean,
): Promise<void> {
  const { flights, groups, invalidations, untold, events, counters } = context;
  const now = context.now();
  flights.invalidateGroup(key);
  if (!isStale) invalidations.note(key, now);
  counters.invalidated += 1;
  if (events.observed('invalidate')) {
    events.emit({ type: 'invalidate', url: origin, tag, prefix: undefined, key, isStale });
  }
  const work = isStale ? groups.markStale(key, now) : groups.invalidate(key, now);
  const done = work.then((isTold) => {
    if (isTold) return invalidations.confirmed(key, now);
    invalidations.note(key, now);
    untold.add(key, async () => {
      const isToldNow = await groups.invalidateLate(key, now);
      if (isToldNow) invalidations.confirmed(key, now);
      return isToldNow;
    });
  });
  return withDeadline(done, { ms: 2 * context.options.managerTimeout, expired: () => undefined });
}
