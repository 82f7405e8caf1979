// @ts-check

/**
 * Contenders measured side by side, the first of them being the floor.
 *
 * @typedef {object} Comparison
 * @property {string} id Words with hyphens between them, that no other comparison has. It stays when the title changes.
 * @property {string} title
 * @property {'us' | 'ms' | 'ns' | 'MB/s' | 'MB' | 'KB' | 'requests' | 'files'} unit Of the values. MB are 1 000 000 bytes.
 * @property {'less' | 'more'} better
 * @property {readonly Row[]} rows
 * @property {number} [noise] By how much runs of the same code differ, as a part of a ratio: a tenth, where it is left out.
 */

/**
 * @typedef {object} Row
 * @property {string} id Words with hyphens between them, that no other row of the comparison has.
 * @property {string} name
 * @property {import('./statistics.mjs').Spread} value
 * @property {import('./statistics.mjs').Spread} [ratio] To the floor of the same round.
 * @property {import('./statistics.mjs').Spread} [beside] To another row of the same round, for the guard: where the goal is
 * not about a ratio.
 * @property {number} [difference] From the floor's median, where that is what the goal is about.
 * @property {number | undefined} [goal] For the difference where there is one, or else for the ratio where there is one, or
 * else for the value.
 * @property {boolean | undefined} [peer] Whether this is another cache, or no cache of ours at all and not the floor.
 */

/**
 * A comparison, and where it was made.
 *
 * @typedef {Comparison & { section: string, date: string }} Measured
 */

/**
 * What a run says, as it is given in JSON and kept.
 *
 * @typedef {object} Figures
 * @property {Record<string, string>} machine What figures depend on beside programs.
 * @property {Record<string, string>} versions Of the programs, by name.
 * @property {readonly Measured[]} comparisons
 */

/**
 * What a row's goal is about.
 *
 * @param {Row} row
 * @returns {number}
 */
export function measuredByGoal({ value, ratio, difference }) {
  return difference ?? ratio?.median ?? value.median;
}

/**
 * Whether there are figures of a row: on a machine that is too busy there may be none.
 *
 * @param {Row} row
 */
export function isMeasured({ value }) {
  return !Number.isNaN(value.median);
}

/**
 * Whether a row reaches its goal; `undefined` without one.
 *
 * @param {Comparison} comparison
 * @param {Row} row
 */
export function reachesGoal({ better }, row) {
  if (row.goal === undefined) return undefined;
  const measured = measuredByGoal(row);
  return better === 'less' ? measured <= row.goal : measured >= row.goal;
}

/** Rows in which no cache takes part: floors, clients alone, files as they are. */
const withoutCache = /^(floor|no-cache|unzipping|axios|got|raw-.+|.+-alone|.+-hashed)$/;

/** @param {Row} row */
export function hasNoCache({ id }) {
  return withoutCache.test(id);
}

/**
 * Whether a row is about http-larder.
 *
 * @param {Row} row
 */
export function isOurs(row) {
  return !row.peer && !hasNoCache(row);
}
