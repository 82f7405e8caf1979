import type { Stats } from 'node:fs';
import type { DecodedEntry } from '../format/entry-record.ts';

/** For how long it is kept, in milliseconds: longer than nearly every request takes. */
export const MARK_KEPT: number = 60_000;

/** What is looked at of an entry. */
interface SeenEntry {
  readonly entry: Pick<DecodedEntry, 'policy'> | undefined;
  readonly stats: Pick<Stats, 'mtimeMs'>;
  readonly isUnreadable?: true;
}

/**
 * Whether an entry is what an invalidation left a short while ago, or may be, as it cannot be read: it keeps out what was
 * asked for before, and so is of use though nobody reads it.
 */
export function isRecentMark({ entry, stats, isUnreadable }: SeenEntry, now: number): boolean {
  const policy = entry?.policy;
  const mayBeMark = isUnreadable === true || (policy?.kind === 'index' && policy.sets.length === 0);
  return mayBeMark && now - stats.mtimeMs < MARK_KEPT;
}
