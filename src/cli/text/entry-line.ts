import type { StoredEntry } from '../select/stored-entry.ts';
import type { Paint } from '../terminal/paint.ts';
import { formatBytes } from './byte-size.ts';
import { cutToWidth } from './cut-to-width.ts';
import { formatDuration } from './duration.ts';
import { freshnessText, freshnessTones } from './freshness-text.ts';
import type { Masker } from './masking.ts';
import { selectedBy } from './selected-by.ts';
import { visible } from './visible.ts';

const widths = { status: 6, size: 10, age: 5, freshness: 16 } as const;

/** How entries are shown. */
export interface LineStyle {
  readonly masker: Masker;
  readonly paint: Paint;
  /** How long a line may be; `undefined` for any length. */
  readonly columns: number | undefined;
}

/** In fewer columns there is room for the status and the URL only. */
const NARROW = 70;

/** What stands above the lines on a terminal. */
export function headingLine(columns: number | undefined): string {
  const start = startOf({ status: 'STATUS', size: 'SIZE', age: 'AGE', freshness: 'FRESHNESS' }, columns);
  return cutToWidth(`${start}URL`, columns);
}

/** One entry in one line. */
export function entryLine(entry: StoredEntry, { masker, paint, columns }: LineStyle): string {
  const { head, policy, freshness } = entry;
  const cells = {
    status: String(head.status),
    size: formatBytes(entry.size),
    age: formatDuration(entry.ageMs),
    freshness: freshnessText(entry),
  };
  const start = startOf(cells, columns);
  const method = policy.method === 'GET' ? '' : `${policy.method} `;
  const key = entry.primary === head.url ? '' : ` as ${masker.url(entry.primary)}`;
  const selecting = selectedBy(entry, masker).map(([name, value]) => `${name}: ${value ?? '(none)'}`);
  const variant = selecting.length === 0 ? '' : ` [${selecting.join('; ')}]`;
  const what = visible(method + masker.url(head.url) + key + variant);
  const line = cutToWidth(start + what, columns);
  // Coloured after it was cut, so that no colour is cut in two.
  const coloured = paint(freshnessTones[freshness], line.slice(0, start.length));
  return coloured + line.slice(start.length);
}

type Cells = Readonly<Record<keyof typeof widths, string>>;

function startOf({ status, size, age, freshness }: Cells, columns: number | undefined): string {
  if (columns !== undefined && columns < NARROW) return `${status.padEnd(widths.status)}  `;
  const first = `${status.padEnd(widths.status)}  ${size.padStart(widths.size)}  ${age.padStart(widths.age)}`;
  return `${first}  ${freshness.padEnd(widths.freshness)}  `;
}
