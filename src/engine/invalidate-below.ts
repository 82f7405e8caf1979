import { primaryOf } from '../core/cache-key.ts';
import type { PrefixMark } from '../core/policy-types.ts';
import { isBelow } from '../core/url-prefix.ts';
import { HttpCacheError } from '../errors.ts';
import type { CacheEntrySummary, CacheManager } from '../managers/manager.ts';
import type { EngineContext } from './context.ts';
import { forget } from './forget.ts';
import { release } from './release.ts';
import { failed } from './store.ts';

/**
 * Invalidates all that is stored below a URL, or marks it as stale, and keeps out of the store what was asked for before.
 * It holds in this process from the moment this is called, and for others on the same store when the promise is fulfilled;
 * where the manager cannot list what it has, within a second after that.
 *
 * @throws HttpCacheError with `ERR_HTTP_CACHE_MANAGER` when the store could not be told or gone through. This process goes on
 * minding it then.
 */
export async function invalidateBelow(
  context: EngineContext,
  prefix: string,
  isStale: boolean,
): Promise<void> {
  const { flights, marks, prefixes, store, counters, events, options, writes } = context;
  const at = context.now();
  const pending: PrefixMark = { nth: 0, prefix, at, isStale };
  marks.keep(pending);
  flights.invalidateWhere((primary) => isBelow(primary, prefix));
  counters.invalidated += 1;
  if (events.observed('invalidate')) {
    events.emit({ type: 'invalidate', url: undefined, tag: undefined, prefix, key: prefix, isStale });
  }
  const { manager } = options;
  const isWritten = manager.entries === undefined || !store.isPrivateToProcess;
  const mark = isWritten ? await prefixes.add(prefix, { at, isStale }) : pending;
  if (mark === failed) throw fault(prefix, undefined);
  if (manager.entries !== undefined) {
    // What is past its last check is let in first, or it would come in behind the search.
    await writes.settled();
    await goThrough(context, manager.entries.bind(manager), mark);
  }
  marks.pending.delete(pending);
}

async function goThrough(
  context: EngineContext,
  entries: NonNullable<CacheManager['entries']>,
  mark: PrefixMark,
): Promise<void> {
  try {
    for await (const entry of entries()) {
      if (isUnder(entry, mark)) {
        const primary = primaryOf(entry.cacheKey);
        await context.writes.run(primary, () => takeAway(context, entry, mark));
      }
    }
  } catch (cause) {
    throw fault(mark.prefix, cause);
  }
}

function isUnder({ cacheKey, policy }: CacheEntrySummary, { nth, prefix, at }: PrefixMark): boolean {
  if (policy.kind !== 'response' || !isBelow(primaryOf(cacheKey), prefix)) return false;
  return policy.requestTime <= at && (nth === 0 || (policy.marksSeen ?? 0) < nth);
}

async function takeAway(
  context: EngineContext,
  { cacheKey: key, policy }: CacheEntrySummary,
  mark: PrefixMark,
): Promise<void> {
  if (policy.kind !== 'response') return;
  if (!mark.isStale) {
    await forget(context, { key, policy });
    return;
  }
  const entry = await context.store.get(key);
  if (entry === undefined || entry === failed) return;
  release(entry);
  if (entry.policy.kind !== 'response' || entry.policy.requestTime !== policy.requestTime) return;
  await context.store.update(key, entry, entry.head, { ...entry.policy, staleSince: mark.at });
}

function fault(prefix: string, cause: unknown): HttpCacheError {
  return new HttpCacheError(
    'ERR_HTTP_CACHE_MANAGER',
    `Not all that is stored below ${prefix} could be invalidated: try again, other processes may still use it`,
    { cause },
  );
}
