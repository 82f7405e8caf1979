import type { Stats } from 'node:fs';
import type { DecodedEntry } from '../format/entry-record.ts';

/** For how long it is kept, in milliseconds: longer than nearly every request takes. */
export const MARK_KEPT: number = 60_000;

/** What is looked at of an entry. */
interface SeenEntry {
  readonly entry: Pick<DecodedEntry, 'policy'> | undefined;
  readonly stats: Pick<Stats, 'mtimeMs'>;
}

/**
 * Whether an entry is what an invalidation left a short while ago: it keeps out what was asked for before, and so is of use
 * though nobody reads it.
 */
export function isRecentMark({ entry, stats }: SeenEntry, now: number): boolean {
  const policy = entry?.policy;
  return policy?.kind === 'index' && policy.sets.length === 0 && now - stats.mtimeMs < MARK_KEPT;
}
