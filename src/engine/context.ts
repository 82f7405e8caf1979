import { isError } from '../core/is-error.ts';
import type { RequestHead } from '../core/message.ts';
import { HttpCacheError } from '../errors.ts';
import type { CacheInfo } from './cache-info.ts';
import { Collapsing } from './collapsing.ts';
import { coordinationOf } from './coordination.ts';
import { Counters } from './counters.ts';
import { CredentialDigests } from './credential-digests.ts';
import { tellEvictions } from './tell-evictions.ts';
import { EventSource } from './event-source.ts';
import type { Flights } from './flights.ts';
import { Groups } from './groups.ts';
import type { InvalidationLog } from './invalidation-log.ts';
import type { KeyedQueue } from './keyed-queue.ts';
import { Leases } from './leases.ts';
import type { ResolvedOptions } from './options.ts';
import { PrefixMarks, type MarkMemory } from './prefix-marks.ts';
import { Store } from './store.ts';
import type { Untold } from './untold.ts';
import { Variants } from './variants.ts';

/** What the parts of one cache's engine share. */
export class EngineContext {
  readonly options: ResolvedOptions;
  readonly counters: Counters = new Counters();
  readonly events: EventSource;
  readonly store: Store;
  readonly variants: Variants;
  readonly digests: CredentialDigests;
  readonly flights: Flights;
  readonly writes: KeyedQueue;
  readonly invalidations: InvalidationLog;
  readonly untold: Untold;
  readonly collapsing: Collapsing;
  readonly leases: Leases;
  readonly groups: Groups;
  readonly marks: MarkMemory;
  readonly prefixes: PrefixMarks;

  constructor(options: ResolvedOptions) {
    this.options = options;
    ({
      flights: this.flights,
      writes: this.writes,
      invalidations: this.invalidations,
      untold: this.untold,
      marks: this.marks,
    } = coordinationOf(options.manager));
    this.events = new EventSource(options.onEvent, this.counters);
    this.store = new Store(options.manager, options.managerTimeout, this.events);
    this.variants = new Variants(this.store);
    this.groups = new Groups(this.store, this.writes);
    this.prefixes = new PrefixMarks(this.store, this.writes, {
      memory: this.marks,
      canList: options.manager.entries !== undefined,
    });
    this.digests = new CredentialDigests(this.store);
    tellEvictions(options.manager, this.events);
    this.collapsing = new Collapsing(options.collapseTimeout);
    this.leases = new Leases(options.manager, this.store);
  }

  /** Forgets what was counted and learnt. The store must be empty, and what is under way invalidated. */
  reset(): void {
    this.counters.reset();
    this.collapsing.memory.clear();
    this.invalidations.clear();
    this.untold.clear();
    this.marks.clear();
    this.store.reset();
  }

  /** The time, in milliseconds since 1970. */
  now(): number {
    return this.options.clock.now();
  }

  /** Counts and tells what became of a request. */
  answered(request: RequestHead, info: CacheInfo): void {
    this.counters.outcomes[info.outcome] += 1;
    if (info.collapsed) this.counters.collapsed += 1;
    if (!this.events.observed('response')) return;
    this.events.emit({ type: 'response', method: request.method, url: request.url, info });
  }

  /** Reports that the cache itself failed at an operation. */
  fault(operation: string, cause: unknown): void {
    const text = isError(cause) ? cause.message : String(cause);
    this.events.fault({
      operation,
      key: undefined,
      error: new HttpCacheError('ERR_HTTP_CACHE_INTERNAL', `The cache failed at ${operation}: ${text}`, {
        cause,
      }),
    });
  }

  /** Calls a function that was given as an option; what it throws is reported, and `undefined` comes back. */
  callback<T>(option: string, call: () => T): T | undefined {
    try {
      return call();
    } catch (cause) {
      const text = isError(cause) ? cause.message : String(cause);
      this.events.fault({
        operation: option,
        key: undefined,
        error: new HttpCacheError('ERR_HTTP_CACHE_CALLBACK', `The option ${option} threw: ${text}`, {
          cause,
        }),
      });
      return undefined;
    }
  }
}
