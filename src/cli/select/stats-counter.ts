import type { Masker } from '../text/masking.ts';
import type { Freshness, StoredEntry } from './stored-entry.ts';

/** So many origins are counted each for itself; those that are met later, together. */
const MOST_ORIGINS = 10_000;

/** Name of the origins that are counted together. */
const OTHERS = '(others)';

/** A number of responses, and the bytes of their bodies. */
export interface Count {
  readonly responses: number;
  readonly bytes: number;
}

/** What `stats --json` prints. Times are milliseconds, sizes bytes. */
export interface Stats extends Count {
  /** Stored responses. */
  readonly responses: number;
  /** Length of their bodies together. */
  readonly bytes: number;
  /** The lowest current age; `null` when nothing is stored. */
  readonly youngestMs: number | null;
  /** The highest. */
  readonly oldestMs: number | null;
  /** Counts by what of freshness holds. */
  readonly freshness: Readonly<Record<Freshness, Count>>;
  /** Counts by status, in its order. */
  readonly statuses: Readonly<Record<string, Count>>;
  /** Counts by origin, most responses first: the first 10 000 that were met, and `(others)`. */
  readonly origins: Readonly<Record<string, Count>>;
}

/** Counts stored responses, in memory that does not grow with their number. */
export class StatsCounter {
  readonly #masker: Masker;
  readonly #all = new Counts();
  readonly #freshness = new Counts();
  readonly #statuses = new Counts();
  readonly #origins = new Counts();
  #youngest = Infinity;
  #oldest = -Infinity;

  constructor(masker: Masker) {
    this.#masker = masker;
  }

  /** Counts one. */
  add({ head, size, ageMs, freshness }: StoredEntry): void {
    this.#all.add('', size);
    this.#freshness.add(freshness, size);
    this.#statuses.add(String(head.status), size);
    const origin = this.#masker.url(originOf(head.url));
    const isOwn = this.#origins.has(origin) || this.#origins.size < MOST_ORIGINS;
    this.#origins.add(isOwn ? origin : OTHERS, size);
    this.#youngest = Math.min(this.#youngest, ageMs);
    this.#oldest = Math.max(this.#oldest, ageMs);
  }

  /** The counts so far. */
  result(): Stats {
    const all = this.#all.of('');
    const isEmpty = all.responses === 0;
    return {
      ...all,
      youngestMs: isEmpty ? null : this.#youngest,
      oldestMs: isEmpty ? null : this.#oldest,
      freshness: {
        fresh: this.#freshness.of('fresh'),
        stale: this.#freshness.of('stale'),
        'no-cache': this.#freshness.of('no-cache'),
        invalidated: this.#freshness.of('invalidated'),
      },
      statuses: Object.fromEntries(this.#statuses.sorted(([a], [b]) => Number(a) - Number(b))),
      origins: Object.fromEntries(this.#origins.sorted(([, a], [, b]) => b.responses - a.responses)),
    };
  }
}

class Counts {
  readonly #counts = new Map<string, Count>();

  get size(): number {
    return this.#counts.size;
  }

  has(name: string): boolean {
    return this.#counts.has(name);
  }

  of(name: string): Count {
    return this.#counts.get(name) ?? { responses: 0, bytes: 0 };
  }

  add(name: string, size: number): void {
    const { responses, bytes } = this.of(name);
    this.#counts.set(name, { responses: responses + 1, bytes: bytes + size });
  }

  sorted(compare: (a: readonly [string, Count], b: readonly [string, Count]) => number): [string, Count][] {
    return [...this.#counts].toSorted(compare);
  }
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : '(no URL)';
}
