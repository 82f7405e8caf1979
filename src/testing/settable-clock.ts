/**
 * A clock that stands still until it is told otherwise, for tests: give it as the option `clock`.
 *
 * @example
 * ```ts
 * import { HttpCache } from 'http-larder';
 * import { SettableClock } from 'http-larder/testing';
 *
 * const clock = new SettableClock();
 * const cache = new HttpCache({ clock });
 * clock.advance(60_000);
 * ```
 */
export class SettableClock {
  #now: number;

  /** Starts at a time in milliseconds since 1970; without one at 2030-01-01T00:00:00Z. */
  constructor(now: number = Date.UTC(2030, 0, 1)) {
    this.#now = now;
  }

  /** The time in milliseconds since 1970. */
  now(): number {
    return this.#now;
  }

  /** Goes to a time in milliseconds since 1970, also to an earlier one. */
  set(now: number): void {
    this.#now = now;
  }

  /** Goes on by some milliseconds. */
  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }
}
