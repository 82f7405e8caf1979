// @ts-check

/**
 * A measured amount in three digits or so.
 *
 * @param {number} value
 */
export function amount(value) {
  if (value === 0 || (value < 100 && Number.isInteger(value))) return String(value);
  if (value >= 100) return Math.round(value).toLocaleString('en').replaceAll(',', ' ');
  return value.toFixed(value < 10 ? 2 : 1);
}

/**
 * @param {import('../statistics.mjs').Spread} spread
 * @param {(value: number) => string} told
 */
export function range({ p10, p90 }, told) {
  return `${told(p10)}..${told(p90)}`;
}

/**
 * What a goal is about, in words: the ratio to the floor, the difference from it, or the value itself.
 *
 * @param {import('../result.mjs').Comparison} comparison
 * @param {import('../result.mjs').Row} row
 */
export function told({ unit }, { value, ratio, difference }) {
  if (difference !== undefined) return `${difference < 0 ? '' : '+'}${difference.toFixed(1)} ${unit}`;
  return ratio === undefined ? `${amount(value.median)} ${unit}` : `${ratio.median.toFixed(2)} x`;
}

/**
 * The goal of a row.
 *
 * @param {import('../result.mjs').Comparison} comparison
 * @param {import('../result.mjs').Row} row
 */
export function target({ unit, better }, { goal, difference, ratio }) {
  if (goal === undefined) return '';
  const of = difference === undefined && ratio !== undefined ? 'x' : unit;
  return `${better === 'less' ? 'at most' : 'at least'} ${amount(goal)} ${of}`;
}
