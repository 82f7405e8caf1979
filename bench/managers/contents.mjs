// @ts-check

/** How many entries each store has: more than the disk manager keeps in memory, so that taken in turn each is read from disk. */
export const count = 1500;

/**
 * What is stored: a body under each of many keys.
 *
 * @typedef {object} Contents
 * @property {readonly string[]} keys
 * @property {import('http-larder').HttpResponse} response
 * @property {import('http-larder').CachePolicy} policy
 */

/**
 * @param {Pick<import('http-larder').CacheEntrySummary, 'head' | 'policy'>} sample
 * @param {number} kilobytes
 * @returns {Contents}
 */
export function contentsOf({ head, policy }, kilobytes) {
  return {
    keys: Array.from({ length: count }, (_, index) => `${head.url}?${index}`),
    response: { ...head, body: Buffer.alloc(kilobytes * 1000, 'http-larder ') },
    policy,
  };
}

/**
 * Gives one key after the other, again and again.
 *
 * @param {readonly string[]} keys
 */
export function inTurn(keys) {
  let turn = 0;
  return () => keys[(turn = (turn + 1) % keys.length)] ?? '';
}
