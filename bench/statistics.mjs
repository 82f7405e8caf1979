// @ts-check

/**
 * What many measurements of one thing say.
 *
 * @typedef {object} Spread
 * @property {number} median
 * @property {number} p10
 * @property {number} p90
 */

/**
 * @param {readonly number[]} values Those that are NaN were not measured.
 * @returns {Spread} Of NaN, where nothing was measured.
 */
export function spread(values) {
  const sorted = values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b);
  const at = (/** @type {number} */ part) => sorted[Math.round(part * (sorted.length - 1))] ?? NaN;
  return { median: at(0.5), p10: at(0.1), p90: at(0.9) };
}
