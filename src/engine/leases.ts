import type { CacheManager, MaybePromise } from '../managers/manager.ts';
import { failed, Guard } from './guard.ts';
import { HeldLease } from './held-lease.ts';
import { andThen } from './maybe-promise.ts';
import type { Store } from './store.ts';

/** For how long a lease lasts whose holder died, in milliseconds: less than others wait by default, so that one of them takes over. */
const ttlMs = 1500;

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
  readonly #guard: Guard;

  constructor(manager: CacheManager, store: Store) {
    this.#manager = manager;
    this.#guard = new Guard(store.timeout, (...fault) => store.report(...fault));
    this.isOn = manager.lease !== undefined && !store.isPrivateToProcess;
  }

  /** Asks for the lease on a key. */
  take(key: string): MaybePromise<Taken> {
    if (!this.isOn || this.#guard.isResting()) return 'none';
    const held = (lease: Awaited<ReturnType<NonNullable<CacheManager['lease']>>>): Taken =>
      lease === undefined
        ? 'taken'
        : new HeldLease(lease, { ttlMs, call: (call) => this.#guard.call('lease', key, call) });
    const asked = this.#guard.call(
      'lease',
      key,
      () => this.#manager.lease?.(key, { ttlMs }),
      // Nobody waits for it any more.
      (late) => void (late && this.#guard.call('lease', key, () => late.release())),
    );
    return andThen(asked, (lease) => (lease === failed ? 'none' : held(lease)));
  }
}
