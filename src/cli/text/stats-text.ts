import type { Count, Stats } from '../select/stats-counter.ts';
import type { Paint } from '../terminal/paint.ts';
import { formatBytes } from './byte-size.ts';
import { formatDuration } from './duration.ts';
import { visible } from './visible.ts';

/** So many origins are printed. */
const MOST_ORIGINS = 10;

/** Counts as a table. */
export function statsText(stats: Stats, paint: Paint): string {
  const origins = Object.entries(stats.origins);
  const more = origins.length - MOST_ORIGINS;
  const { youngestMs, oldestMs } = stats;
  return [
    row('responses', stats),
    ...(youngestMs === null || oldestMs === null
      ? []
      : [`current age from ${formatDuration(youngestMs)} to ${formatDuration(oldestMs)}`]),
    '',
    paint('heading', 'by freshness'),
    ...Object.entries(stats.freshness).map(([name, count]) => row(name, count)),
    '',
    paint('heading', 'by status'),
    ...Object.entries(stats.statuses).map(([name, count]) => row(name, count)),
    '',
    paint('heading', 'by origin'),
    ...origins.slice(0, MOST_ORIGINS).map(([name, count]) => row(name, count)),
    ...(more > 0 ? [`… and ${more} more: see --json`] : []),
  ].join('\n');
}

function row(name: string, { responses, bytes }: Count): string {
  return `${String(responses).padStart(9)}  ${formatBytes(bytes).padStart(10)}  ${visible(name)}`;
}
