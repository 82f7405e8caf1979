import { checkManager } from '../check-manager.ts';
import type { CacheManager } from '../manager.ts';
import { quoted, refuseUnknownOptions, wholeNumber } from '../manager-options.ts';

/** Options of a {@link TieredManager}. */
export interface TieredManagerOptions {
  /**
   * Keeps copies, within its own limits: a `MemoryManager`, usually. It is for this manager alone, which closes and clears it.
   */
  readonly near: CacheManager;
  /** The store: everything is written there, and what it says holds. */
  readonly far: CacheManager;
  /**
   * For how many milliseconds a copy answers without being compared, where other processes can reach `far` and it does not tell
   * what they change, or is cut off from hearing it. With 0, each use of a copy compares it first.
   * @defaultValue 1000
   */
  readonly maxStaleMs?: number;
  /**
   * What tells the time for that, in milliseconds from any beginning: tests give one that they set.
   * @defaultValue the process's own, which never goes back
   */
  readonly clock?: {
    /** The time in milliseconds. */
    now(): number;
  };
}

/** The options with their defaults. */
export interface CheckedTieredOptions {
  readonly near: CacheManager;
  readonly far: CacheManager;
  readonly maxStaleMs: number;
  readonly now: () => number;
}

/** @throws TypeError or RangeError for an option that is unknown or cannot be used. */
export function checkTieredOptions(owner: string, options: TieredManagerOptions): CheckedTieredOptions {
  refuseUnknownOptions(owner, options, ['near', 'far', 'maxStaleMs', 'clock']);
  const { clock = performance } = options;
  if (typeof clock !== 'object' || clock === null || typeof clock.now !== 'function') {
    throw new TypeError(`${owner}: clock is ${quoted(clock)}: give an object with a method now()`);
  }
  const near = checkManager(options.near, 'near');
  const far = checkManager(options.far, 'far');
  if (near === far) {
    throw new TypeError(
      `${owner}: near and far are one manager, which cannot be copied into itself: give two`,
    );
  }
  return {
    near,
    far,
    maxStaleMs: wholeNumber(options.maxStaleMs, {
      owner,
      name: 'maxStaleMs',
      unit: 'milliseconds',
      least: 0,
      fallback: 1000,
    }),
    now: () => clock.now(),
  };
}
