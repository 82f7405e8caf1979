// @ts-check
import { isMeasured, reachesGoal } from './result.mjs';

/**
 * Prints a comparison as a table of at most 100 columns.
 *
 * @param {import('./result.mjs').Comparison} comparison
 */
export function printTable(comparison) {
  const { title, unit, better, rows } = comparison;
  console.log(`\n${title}`);
  console.log(line(['', `${unit}: median`, 'p10..p90', 'x floor', 'p10..p90', 'goal']));
  for (const row of rows) {
    const { name, value, ratio, difference, goal } = row;
    if (!isMeasured(row)) {
      console.log(line([name, 'unmeasured: the machine is too busy']));
      continue;
    }
    const reached = reachesGoal(comparison, row);
    const limit = `${better === 'less' ? '<=' : '>='} ${goal}${ratio === undefined ? ` ${unit}` : ''}`;
    console.log(
      line([
        name,
        short(value.median),
        `${short(value.p10)}..${short(value.p90)}`,
        difference === undefined ? (ratio?.median.toFixed(2) ?? '') : signed(difference),
        ratio === undefined ? '' : `${ratio.p10.toFixed(2)}..${ratio.p90.toFixed(2)}`,
        reached === undefined ? '' : `${limit} ${reached ? 'yes' : 'NO'}`,
      ]),
    );
  }
}

/** @param {readonly string[]} cells */
function line(cells) {
  const widths = [46, 11, 13, 8, 11, 0];
  return cells
    .map((cell, index) => (index === 0 ? cell.padEnd(46) : cell.padStart(widths[index] ?? 0)))
    .join(' ')
    .trimEnd();
}

/** @param {number} value */
function short(value) {
  return value < 100 ? value.toFixed(1) : String(Math.round(value));
}

/** @param {number} value */
function signed(value) {
  return `${value < 0 ? '' : '+'}${short(value)}`;
}
