import { andThen, isPromise } from './maybe-promise.ts';
import type { Lease, MaybePromise } from '../managers/manager.ts';
import type { Failed } from './store.ts';

/** Calls a method of a manager that must not hurt, in bounded time. */
export type GuardedCall = <T>(call: () => MaybePromise<T>) => MaybePromise<T | Failed>;

/** A lease that this process has, kept up until it is ended. It never keeps the process alive. */
export class HeldLease {
  readonly #lease: Lease;
  readonly #call: GuardedCall;
  readonly #timer: NodeJS.Timeout;
  #renewal: MaybePromise<unknown>;
  #hasEnded = false;

  /** @param ttlMs - After how many milliseconds the lease ends by itself; it is renewed at each third of that. */
  constructor(lease: Lease, { ttlMs, call }: { readonly ttlMs: number; readonly call: GuardedCall }) {
    this.#lease = lease;
    this.#call = call;
    this.#timer = setInterval(() => this.#renew(), ttlMs / 3).unref();
  }

  /** Lets others have it, once; with `openForMs`, everybody at once for so many milliseconds. */
  end(openForMs?: number): MaybePromise<unknown> {
    if (this.#hasEnded) return undefined;
    this.#hasEnded = true;
    clearInterval(this.#timer);
    // A renewal that is under way would be of what another has by then.
    return andThen(this.#renewal, () =>
      this.#call(() => this.#lease.release(openForMs === undefined ? {} : { openForMs })),
    );
  }

  #renew(): void {
    if (this.#renewal !== undefined) return;
    const renewal = andThen(
      this.#call(() => this.#lease.renew()),
      (isHeld) => {
        this.#renewal = undefined;
        // Lost to another: the request goes on, and only what others do is no longer its business.
        if (isHeld === false) clearInterval(this.#timer);
      },
    );
    if (isPromise(renewal)) this.#renewal = renewal;
  }
}
