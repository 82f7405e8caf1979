// @ts-check

/**
 * Contenders measured side by side, the first of them being the floor.
 *
 * @typedef {object} Comparison
 * @property {string} title
 * @property {'us' | 'MB/s' | 'MB'} unit Of the values. MB are 1 000 000 bytes.
 * @property {'less' | 'more'} better
 * @property {readonly Row[]} rows
 */

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {import('./statistics.mjs').Spread} value
 * @property {import('./statistics.mjs').Spread} [ratio] To the floor of the same round.
 * @property {number} [difference] From the floor's median, where that is what the goal is about.
 * @property {number | undefined} goal For the ratio, or the difference where there is one.
 */

/**
 * Whether a row reaches its goal; `undefined` without one.
 *
 * @param {Comparison} comparison
 * @param {Row} row
 */
export function reachesGoal({ better }, { ratio, difference, goal }) {
  const reached = difference ?? ratio?.median;
  if (goal === undefined || reached === undefined) return undefined;
  return better === 'less' ? reached <= goal : reached >= goal;
}
