// @ts-check
import { compare } from '../compare.mjs';
import { everydayDecisions } from './everyday.mjs';
import { hostileDecisions } from './hostile.mjs';

/** What takes a hundred nanoseconds takes a fifth more in a process whose compiler inlined it in another way. */
const noise = 0.25;

/** @type {import('../sections.mjs').Section} */
export const decisions = {
  name: 'decisions',
  about: 'the decisions alone, without a client and a store',
  async *run({ effort: { rounds, turnMs } }) {
    const effort = { rounds: Math.ceil(rounds / 2), turnMs };
    for (const { contenders, ...what } of everydayDecisions()) {
      yield inNanoseconds(await compare(what, contenders, effort));
    }

    const contenders = hostileDecisions();
    const hostile = { id: 'decisions-hostile-vary', title: 'Decisions about a hostile Vary' };
    const comparison = inNanoseconds(await compare(hostile, contenders, effort));
    yield {
      ...comparison,
      // Their goals are times.
      rows: comparison.rows.map(({ ratio: beside, ...row }, index) => ({
        ...row,
        ...(beside && { beside }),
        goal: contenders[index]?.limit,
      })),
    };
  },
};

/**
 * @param {import('../result.mjs').Comparison} comparison In microseconds.
 * @returns {import('../result.mjs').Comparison}
 */
function inNanoseconds(comparison) {
  const rows = comparison.rows.map((row) => {
    const { median, p10, p90 } = row.value;
    return { ...row, value: { median: median * 1000, p10: p10 * 1000, p90: p90 * 1000 } };
  });
  return { ...comparison, unit: 'ns', noise, rows };
}
