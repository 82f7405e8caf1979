// @ts-check

/** Limits that none of the stores here reaches, unless it is asked to. */
export const limits = { maxSize: 2 ** 40, maxEntries: 1e9, minFree: 0 };

/**
 * The key of the entry with that number.
 *
 * @param {number} index
 */
export function keyOf(index) {
  return `https://example.org/items/${index}`;
}

/**
 * What a store of some size is asked to do, and how often.
 *
 * - `hit, read before`: look up one of a few entries again
 * - `hit, read from disk`: look up one after the other of all entries, none of which this manager has met before
 * - `put`: store one under a new key
 * - `put at the limit`: the same in a store that is full, so that another one is evicted
 * - `first look-up`, `first put`: make a manager and let it do that
 *
 * @typedef {object} Order
 * @property {'hit, read before' | 'hit, read from disk' | 'put' | 'put at the limit' | 'first look-up' | 'first put'} task
 * @property {number} times
 */

/** @typedef {{ microseconds: number, megabytesOfMemory: number }} Done */
