import type { CurrentEntry } from '../store-parts.ts';

/** For how long it is kept, in milliseconds: longer than nearly every request takes. */
const KEPT = 60_000;

/**
 * Whether an entry is what an invalidation left a short while ago: it keeps out what was asked for before, and so is of use
 * though nobody reads it.
 */
export function isRecentMark({ entry, stats }: CurrentEntry, now: number): boolean {
  const policy = entry?.policy;
  return policy?.kind === 'index' && policy.sets.length === 0 && now - stats.mtimeMs < KEPT;
}
