import type { CacheOutcome } from './cache-info.ts';

/** What a cache has done since it was made. */
export interface CacheCounters {
  /** Requests by what became of them. */
  readonly outcomes: Readonly<Record<CacheOutcome, number>>;
  /** Requests that were answered by the response to another one. */
  readonly collapsed: number;
  /** Responses whose body went into the store. */
  readonly stored: number;
  /** Stored responses whose metadata a 304 freshened. */
  readonly freshened: number;
  /** Responses that were on their way into the store and were dropped. */
  readonly dropped: number;
  /** Target URIs invalidated. */
  readonly invalidated: number;
  /** Faults of the cache that requests went on without noticing. */
  readonly errors: number;
}

/** {@link CacheCounters} that count. */
export class Counters implements CacheCounters {
  readonly outcomes: Record<CacheOutcome, number> = {
    hit: 0,
    stale: 0,
    revalidated: 0,
    miss: 0,
    unsatisfiable: 0,
    bypass: 0,
  };
  collapsed = 0;
  stored = 0;
  freshened = 0;
  dropped = 0;
  invalidated = 0;
  errors = 0;

  /** Counts from nothing again. */
  reset(): void {
    Object.assign(this, new Counters());
  }

  /** The counts as they are now. */
  snapshot(): CacheCounters {
    const { outcomes, collapsed, stored, freshened, dropped, invalidated, errors } = this;
    return { outcomes: { ...outcomes }, collapsed, stored, freshened, dropped, invalidated, errors };
  }
}
