import { lateFault } from './as-fault.ts';
import { withDeadline } from './deadline.ts';
import { isPromise } from './maybe-promise.ts';
import type { MaybePromise } from '../managers/manager.ts';
import { Rest } from './rest.ts';

/** The manager failed at what it was asked; the fault was reported. */
export const failed: unique symbol = Symbol('failed');
/** See {@link failed}. */
export type Failed = typeof failed;

/** Is told of a fault of the manager. */
type Report = (operation: string, key: string | undefined, error: unknown) => void;

/** Calls a manager so that it cannot hurt: what throws, rejects or does not answer in time gives {@link failed}. */
export class Guard {
  readonly #timeout: number;
  readonly #report: Report;
  readonly #rest: Rest;

  /** @param timeout - How long an answer may take, in milliseconds. */
  constructor(timeout: number, report: Report) {
    this.#timeout = timeout;
    this.#report = report;
    this.#rest = new Rest(timeout);
  }

  /** Whether the manager is left alone, as it did not answer in time. Who is told that it is not has to ask it. */
  isResting(): boolean {
    return this.#rest.isOn();
  }

  /** It answered, whoever asked: it is not left alone any more. */
  answered(): void {
    this.#rest.end();
  }

  /** Calls it; what comes behind the deadline goes to `late`. */
  call<T>(
    operation: string,
    key: string | undefined,
    call: () => MaybePromise<T>,
    late?: (value: T) => void,
  ): MaybePromise<T | Failed> {
    let answer: MaybePromise<T>;
    try {
      answer = call();
    } catch (error) {
      this.#rest.end();
      this.#report(operation, key, error);
      return failed;
    }
    if (!isPromise(answer)) {
      this.#rest.end();
      return answer;
    }
    const expired = (): Failed => {
      this.#rest.begin();
      this.#report(operation, key, lateFault(operation, this.#timeout));
      return failed;
    };
    // An error is an answer too, and one that comes late as well.
    const heard = answer.finally(() => this.#rest.end());
    return withDeadline(heard, { ms: this.#timeout, expired, late }).catch((error: unknown): Failed => {
      this.#report(operation, key, error);
      return failed;
    });
  }
}
