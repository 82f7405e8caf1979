import type { Freshness, StoredEntry } from '../select/stored-entry.ts';
import type { Masker } from './masking.ts';
import { selectedBy } from './selected-by.ts';
import { visible } from './visible.ts';

/** A stored response as `ls --json` prints it. Times are milliseconds, sizes bytes. */
export interface EntryJson {
  /** The target URI that it was stored for. */
  readonly url: string;
  /** The key of all that is stored for that: the same, unless the option `cacheKey` gave another. */
  readonly key: string;
  /** The method that it answered. */
  readonly method: string;
  /** Its status. */
  readonly status: number;
  /** Length of its body. */
  readonly size: number;
  /** Its current age. */
  readonly ageMs: number;
  /** Its freshness lifetime. */
  readonly lifetimeMs: number;
  /** Whether it is fresh. */
  readonly freshness: Freshness;
  /** When it was received or last validated: milliseconds since 1970. */
  readonly receivedAt: number;
  /** The request fields that select it, by name. */
  readonly selectedBy: Readonly<Record<string, string | null>>;
}

/** An entry as data. */
export function entryJson(entry: StoredEntry, masker: Masker): EntryJson {
  return {
    url: masker.url(entry.head.url),
    key: masker.url(entry.primary),
    method: entry.policy.method,
    status: entry.head.status,
    size: entry.size,
    ageMs: entry.ageMs,
    lifetimeMs: entry.lifetimeMs,
    freshness: entry.freshness,
    receivedAt: entry.policy.responseTime,
    selectedBy: Object.fromEntries(selectedBy(entry, masker)),
  };
}

/** An object as one line of JSON that is safe to print. */
export function jsonLine(value: object): string {
  return visible(JSON.stringify(value));
}
