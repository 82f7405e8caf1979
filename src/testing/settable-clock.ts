import { inspect } from 'node:util';

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

  /**
   * Starts at a time in milliseconds since 1970; without one at 2030-01-01T00:00:00Z.
   *
   * @throws TypeError for what is not a number.
   */
  constructor(now: number = Date.UTC(2030, 0, 1)) {
    this.#now = checked(now);
  }

  /** The time in milliseconds since 1970. */
  now(): number {
    return this.#now;
  }

  /** Goes to a time in milliseconds since 1970, also to an earlier one. */
  set(now: number): void {
    this.#now = checked(now);
  }

  /** Goes on by some milliseconds. */
  advance(milliseconds: number): void {
    this.#now += checked(milliseconds);
  }
}

/** A clock that gave anything else would make every age of the cache wrong, without a word. */
function checked(milliseconds: number): number {
  if (Number.isFinite(milliseconds)) return milliseconds;
  throw new TypeError(
    `SettableClock was given ${inspect(milliseconds, { depth: -1 })}: give a number of milliseconds, as Date.now() does`,
  );
}
