// @ts-check
import { drawChart } from './draw-chart.mjs';

/**
 * The charts of the page: of each comparison in which other caches take part.
 *
 * @param {import('../result.mjs').Figures} figures
 * @returns {{ file: string, svg: string }[]}
 */
export function chartsOf({ comparisons }) {
  return comparisons
    .filter(hasChart)
    .map((comparison) => ({ file: chartFile(comparison), svg: drawChart(comparison) }));
}

/** @param {import('../result.mjs').Comparison} comparison */
export function hasChart({ rows }) {
  return rows.some(({ peer }) => peer);
}

/** @param {import('../result.mjs').Comparison} comparison */
export function chartFile({ id }) {
  return `${id}.svg`;
}
