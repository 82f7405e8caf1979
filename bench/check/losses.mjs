// @ts-check

/**
 * A row that was better when its figures were kept.
 *
 * @typedef {object} Loss
 * @property {string} section
 * @property {string} id Of the comparison and of the row.
 * @property {string} text In words.
 */

/** Runs of the same code differ by that much, on a machine that does other work too. */
const noise = 0.1;

/** The same for differences of memory, in MB. */
const memoryNoise = 8;

/**
 * The rows that lost against the figures that are kept, by more than noise: the median of the ratio is worse by a tenth, and
 * the better end of what was measured now is still worse than the median that is kept. Floors and other caches cannot lose,
 * nor can what was not measured before.
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
      if (row.peer || rowBefore === undefined) return [];
      const [was, is] = lossOf(comparison, rowBefore, row) ?? [];
      if (was === undefined) return [];
      const text = `${comparison.title}: ${row.name}: ${is}, was ${was}`;
      return [{ section: comparison.section, id: `${comparison.id}/${row.id}`, text }];
    });
  });
}

/**
 * @param {import('../result.mjs').Comparison} comparison
 * @param {import('../result.mjs').Row} before
 * @param {import('../result.mjs').Row} now
 * @returns {[was: string, is: string] | undefined}
 */
function lossOf({ better, unit }, before, now) {
  if (before.difference !== undefined && now.difference !== undefined) {
    if (now.difference <= before.difference + memoryNoise) return undefined;
    return [`${before.difference.toFixed(1)} ${unit}`, `${now.difference.toFixed(1)} ${unit}`];
  }
  if (before.ratio === undefined || now.ratio === undefined) return undefined;
  const limit = before.ratio.median;
  const lost =
    better === 'less'
      ? now.ratio.median > limit * (1 + noise) && now.ratio.p10 > limit
      : now.ratio.median < limit / (1 + noise) && now.ratio.p90 < limit;
  return lost ? [`${limit.toFixed(2)} x`, `${now.ratio.median.toFixed(2)} x`] : undefined;
}
