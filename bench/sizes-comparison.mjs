// @ts-check
import { spread } from './statistics.mjs';

/** How many times longer a store of any size may take than the smallest. */
const goal = 1.5;

/**
 * What something takes by the number of entries, the smallest store being the floor.
 *
 * @param {string} id
 * @param {string} title
 * @param {ReadonlyMap<number, readonly { microseconds: number }[]>} done By the number of entries, round by round.
 * @param {{ raw?: boolean }} [options] `raw`: no cache does it, so that there is no goal.
 * @returns {import('./result.mjs').Comparison}
 */
export function sizesComparison(id, title, done, { raw = false } = {}) {
  const times = [...done].map(([size, answers]) => ({ size, taken: answers.map((one) => one.microseconds) }));
  const [floor] = times;
  return {
    id,
    title,
    unit: 'us',
    better: 'less',
    rows: times.map(({ size, taken }, index) => ({
      id: `${raw ? 'raw' : 'entries'}-${size}`,
      name: entriesName(size),
      value: spread(taken),
      ratio: spread(taken.map((time, round) => time / (floor?.taken[round] ?? NaN))),
      goal: index === 0 || raw ? undefined : goal,
    })),
  };
}

/** @param {number} size */
export function entriesName(size) {
  return `${size.toLocaleString('en').replaceAll(',', ' ')} entries`;
}
