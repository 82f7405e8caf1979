// @ts-check
import { spread } from './statistics.mjs';
import { takeTurns } from './take-turns.mjs';

/**
 * One way of doing what is measured. The first of a comparison is the floor.
 *
 * @typedef {object} Contender
 * @property {string} id Words with hyphens between them, that no other contender of the comparison has.
 * @property {string} name
 * @property {() => unknown} run Does it once; what it promises is waited for.
 * @property {number | undefined} [goal] The most that it may take, in times of the floor.
 * @property {boolean | undefined} [peer] Whether this is another cache.
 */

/**
 * @typedef {object} Effort
 * @property {number} rounds How many times each contender's turn comes.
 * @property {number} turnMs How much processor time a turn takes, in milliseconds. Many short turns say more than few long
 * ones: got's time for one request has two levels, by what the garbage collector makes of its streams, and stays at one for
 * some 100 ms.
 * @property {number} [warmUp] For how many turns each contender runs before anything is timed: 20, where it is left out.
 * @property {'processor' | 'elapsed'} [by] What ratios are of: processor time, where it is left out, which does not count
 * the waiting for a processor; or time by the clock, which counts the waiting for a disk too.
 */

/**
 * Times contenders in turn, so that what else happens on the machine happens to all of them. Ratios are those of
 * neighbouring turns.
 *
 * @param {{ id: string, title: string }} what
 * @param {readonly Contender[]} contenders
 * @param {Effort} effort
 * @returns {Promise<import('./result.mjs').Comparison>}
 */
export async function compare(what, contenders, { by, ...effort }) {
  return comparisonOf(what, await takeTurns(contenders, effort), by);
}

/**
 * What turns say that were taken.
 *
 * @param {{ id: string, title: string }} what
 * @param {readonly import('./take-turns.mjs').Turns[]} turns
 * @param {Effort['by']} [by]
 * @returns {import('./result.mjs').Comparison}
 */
export function comparisonOf({ id, title }, turns, by = 'processor') {
  const [floor] = turns;
  return {
    id,
    title,
    unit: 'us',
    better: 'less',
    rows: turns.map(({ taken, ...row }) => ({
      ...row,
      value: spread(taken.map((time) => time.elapsed)),
      ratio: spread(taken.map((time, round) => time[by] / (floor?.taken[round]?.[by] ?? NaN))),
    })),
  };
}
