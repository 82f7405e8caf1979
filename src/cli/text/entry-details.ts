import type { FieldLines, JsonValue } from '../../core/message.ts';
import { keyHash, Layout } from '../../managers/disk/format/layout.ts';
import type { StoredEntry } from '../select/stored-entry.ts';
import type { Paint } from '../terminal/paint.ts';
import { formatBytes } from './byte-size.ts';
import { entryJson, type EntryJson } from './entry-json.ts';
import { freshnessTones } from './freshness-text.ts';
import type { Masker } from './masking.ts';
import { policyText } from './policy-text.ts';
import { selectedBy } from './selected-by.ts';
import { visible } from './visible.ts';

/** Which of those that are shown an entry is. */
export interface Place {
  /** Its number, from 1. */
  readonly number: number;
  /** How many there are. */
  readonly of: number;
  /** The folder of the store. */
  readonly folder: string;
}

/** A stored response as `show --json` prints it: as {@link EntryJson}, and more. */
export interface EntryDetailsJson extends EntryJson {
  /** Its number for `--variant`. */
  readonly variant: number;
  /** Its reason phrase. */
  readonly statusText: string;
  /** Its header fields, as pairs. */
  readonly headers: FieldLines;
  /** Its trailer fields, as pairs. */
  readonly trailers: FieldLines;
  /** What the option `metadata` gave. */
  readonly metadata?: JsonValue;
  /** What holds for its reuse, in words. */
  readonly policy: readonly string[];
  /** Its entry file. */
  readonly file: string;
}

/** All about an entry, in some lines. */
export function entryDetails(
  entry: StoredEntry,
  place: Place,
  { masker, paint }: { readonly masker: Masker; readonly paint: Paint },
): string {
  const { variant, method, url, key, status, statusText, headers, trailers, metadata, policy, file } =
    entryDetailsJson(entry, place, masker);
  const number = place.of === 1 ? '' : `${variant}. `;
  const [freshness = '', ...others] = policy;
  const lines = [
    paint('heading', visible(`${number}${method} ${url}`)),
    row('status', `${status} ${statusText}`),
    ...(key === url ? [] : [row('key', key)]),
    ...selectedBy(entry, masker).map(([name, value]) => row('selected by', `${name}: ${value ?? '(none)'}`)),
    row('received', new Date(entry.policy.responseTime).toISOString()),
    paint(freshnessTones[entry.freshness], row('policy', freshness)),
    ...others.map((text) => row('', text)),
    row('body', formatBytes(entry.size)),
    row('file', file),
    ...(metadata === undefined ? [] : [row('metadata', JSON.stringify(metadata))]),
    ...fieldRows('fields', headers),
    ...fieldRows('trailers', trailers),
  ];
  return `${lines.join('\n')}\n`;
}

/** All about an entry, as data. */
export function entryDetailsJson(
  entry: StoredEntry,
  { number, folder }: Place,
  masker: Masker,
): EntryDetailsJson {
  const { head } = entry;
  const masked = (fields: FieldLines): FieldLines =>
    fields.map(([name, value]) => [name, masker.field(name, value)]);
  return {
    ...entryJson(entry, masker),
    variant: number,
    statusText: masker.text(head.statusText),
    headers: masked(head.headers),
    trailers: masked(head.trailers),
    ...(head.metadata === undefined ? {} : { metadata: masker.json(head.metadata) }),
    policy: policyText(entry).map((text) => masker.text(text)),
    file: new Layout(folder).entry(keyHash(entry.cacheKey)),
  };
}

function fieldRows(label: string, fields: FieldLines): readonly string[] {
  return fields.map(([name, value], at) => row(at === 0 ? label : '', `${name}: ${value}`));
}

function row(name: string, text: string): string {
  return visible(`  ${name.padEnd(12)} ${text}`);
}
