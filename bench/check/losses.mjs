// @ts-check
import { isMeasured, isOurs } from '../result.mjs';

/**
 * A row that was better when its figures were kept.
 *
 * @typedef {object} Loss
 * @property {string} section
 * @property {string} id Of the comparison and of the row.
 * @property {string} text In words.
 */

/** By how much a figure is to be worse, relative to what is kept. Runs of the same code differ by less than that. */
const noise = 0.1;

/** The same for differences of memory, in MB. */
const memoryNoise = 8;

/**
 * The same for figures that are counted, not measured. What a new version of a dependency loads is not counted against us
 * up to a twentieth.
 *
 * @type {Partial<Record<import('../result.mjs').Comparison['unit'], number>>}
 */
const countedNoise = { requests: 0, files: 0.05, KB: 0.05 };

/**
 * The rows that lost against the figures that are kept, by more than noise: the median is worse by a tenth, or what the
 * comparison says, and the better end of what was measured now is still worse than the median that is kept. Counts are
 * compared as they are, all else by its ratio. Other caches cannot lose, nor clients without one, nor what was not measured
 * before.
 *
 * @param {readonly import('../result.mjs').Measured[]} kept
 * @param {readonly import('../result.mjs').Measured[]} measured
 * @returns {Loss[]}
 */
export function losses(kept, measured) {
  return measured.flatMap((comparison) => {
    const before = kept.find(({ id }) => id === comparison.id);
    return comparison.rows.flatMap((row) => {
      const rowBefore = before?.rows.find(({ id }) => id === row.id);
      if (!isOurs(row) || !isMeasured(row) || rowBefore === undefined) return [];
      const [was, is] = lossOf(comparison, rowBefore, row) ?? [];
      if (was === undefined) return [];
      const text = `${comparison.title}: ${row.name}: ${is}, was ${was}`;
      return [{ section: comparison.section, id: `${comparison.id}/${row.id}`, text }];
    });
  });
}

/**
 * Our rows that are on one side only, in words: nothing is known of their loss.
 *
 * @param {readonly import('../result.mjs').Measured[]} kept
 * @param {readonly import('../result.mjs').Measured[]} measured
 * @returns {string[]}
 */
export function notCompared(kept, measured) {
  const names = (/** @type {typeof kept} */ comparisons) =>
    comparisons.flatMap(({ id, rows }) =>
      rows.filter((row) => isOurs(row) && isMeasured(row)).map((row) => `${id}/${row.id}`),
    );
  const sections = new Set(measured.map(({ section }) => section));
  const before = names(kept.filter(({ section }) => sections.has(section)));
  const now = names(measured);
  return [
    ...before.filter((name) => !now.includes(name)).map((name) => `${name} was not measured`),
    ...now.filter((name) => !before.includes(name)).map((name) => `${name} is not kept yet`),
  ];
}

/**
 * @param {import('../result.mjs').Comparison} comparison
 * @param {import('../result.mjs').Row} before
 * @param {import('../result.mjs').Row} now
 * @returns {[was: string, is: string] | undefined}
 */
function lossOf({ better, unit, noise: wide = noise }, before, now) {
  if (before.difference !== undefined && now.difference !== undefined) {
    if (now.difference <= before.difference + memoryNoise) return undefined;
    return [`${before.difference.toFixed(1)} ${unit}`, `${now.difference.toFixed(1)} ${unit}`];
  }
  const counted = countedNoise[unit];
  if (counted !== undefined) {
    if (now.value.median <= before.value.median * (1 + counted)) return undefined;
    return [`${before.value.median} ${unit}`, `${now.value.median} ${unit}`];
  }
  const was = before.beside ?? before.ratio;
  const is = now.beside ?? now.ratio;
  if (was === undefined || is === undefined) return undefined;
  const limit = was.median;
  const lost =
    better === 'less'
      ? is.median > limit * (1 + wide) && is.p10 > limit
      : is.median < limit / (1 + wide) && is.p90 < limit;
  return lost ? [told(limit), told(is.median)] : undefined;
}

/** @param {number} ratio */
function told(ratio) {
  return `${ratio < 0.1 ? ratio.toPrecision(2) : ratio.toFixed(2)} x`;
}
