import { assertNever } from '../../core/assert-never.ts';
import type { Freshness, StoredEntry } from '../select/stored-entry.ts';
import type { Tone } from '../terminal/paint.ts';
import { formatDuration } from './duration.ts';

/** Which colour tells it. */
export const freshnessTones: Readonly<Record<Freshness, Tone>> = {
  fresh: 'good',
  stale: 'warning',
  'no-cache': 'warning',
  invalidated: 'quiet',
};

/** Whether an entry is fresh, in a few words. */
export function freshnessText({ freshness, freshForMs }: StoredEntry): string {
  switch (freshness) {
    case 'fresh':
      return `fresh for ${formatDuration(freshForMs)}`;
    case 'stale':
      return `stale since ${formatDuration(-freshForMs)}`;
    case 'no-cache':
    case 'invalidated':
      return freshness;
    default:
      return assertNever(freshness);
  }
}
