import type { CacheManager, MaybePromise } from '../managers/manager.ts';
import { lateFault } from './as-fault.ts';
import { withDeadline } from './deadline.ts';
import { HeldLease } from './held-lease.ts';
import { andThen, isPromise } from './maybe-promise.ts';
import { failed, type Failed, type Store } from './store.ts';

/** For how long a lease lasts whose holder died, in milliseconds: less than others wait by default, so that one of them takes over. */
const ttlMs = 1500;
/** For how many times its timeout a manager is asked for no lease that did not answer in time. */
const restFactor = 5;

/** What came of asking for a lease: the lease, that another has it, or that the manager gives none. */
export type Taken = HeldLease | 'taken' | 'none';

/**
 * The leases by which of several processes one asks the origin, where the manager gives any. A manager that fails at it, or
 * does not answer in time, gives none: then each asks for itself.
 */
export class Leases {
  /** Whether the manager gives leases, and others can reach the store. */
  readonly isOn: boolean;
  readonly #manager: CacheManager;
  readonly #store: Store;
  #restUntil = 0;

  constructor(manager: CacheManager, store: Store) {
    this.#manager = manager;
    this.#store = store;
    this.isOn = manager.lease !== undefined && !store.isPrivateToProcess;
  }

  /** Asks for the lease on a key. */
  take(key: string): MaybePromise<Taken> {
    if (!this.isOn || performance.now() < this.#restUntil) return 'none';
    const held = (lease: Awaited<ReturnType<NonNullable<CacheManager['lease']>>>): Taken =>
      lease === undefined ? 'taken' : new HeldLease(lease, { ttlMs, call: (call) => this.#guard(key, call) });
    const asked = this.#guard(
      key,
      () => this.#manager.lease?.(key, { ttlMs }),
      // Nobody waits for it any more.
      (late) => void (late && this.#guard(key, () => late.release())),
    );
    return andThen(asked, (lease) => (lease === failed ? 'none' : held(lease)));
  }

  #guard<T>(key: string, call: () => MaybePromise<T>, late?: (value: T) => void): MaybePromise<T | Failed> {
    const fail = (error: unknown): Failed => {
      this.#store.report('lease', key, error);
      return failed;
    };
    let answer: MaybePromise<T>;
    try {
      answer = call();
    } catch (error) {
      return fail(error);
    }
    if (!isPromise(answer)) return answer;
    const { timeout: ms } = this.#store;
    const expired = (): Failed => {
      this.#restUntil = performance.now() + restFactor * ms;
      return fail(lateFault('lease', ms));
    };
    return withDeadline(answer, { ms, expired, late }).catch(fail);
  }
}
