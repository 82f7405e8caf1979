// @ts-check
import { init } from 'echarts';
import { hasNoCache, isOurs } from '../result.mjs';

const width = 760;
const rowHeight = 30;

/** Readable on a light and on a dark page. */
const colours = { floor: '#8a94a6', ours: '#2f7ed8', peer: '#d97a2b', text: '#7b8494', line: '#8a94a64d' };

/**
 * Draws the medians of a comparison as bars, the tenth and ninetieth percentile beside each.
 *
 * @param {import('../result.mjs').Comparison} comparison
 * @returns {string} SVG.
 */
export function drawChart({ title, unit, better, rows }) {
  const longest = Math.max(...rows.map(({ name }) => name.length));
  const chart = init(undefined, undefined, {
    renderer: 'svg',
    ssr: true,
    width,
    height: rows.length * rowHeight + 80,
  });
  try {
    chart.setOption({
      animation: false,
      title: {
        text: `${title}, ${unit} (${better} is better)`,
        left: 8,
        top: 6,
        textStyle: { color: colours.text, fontSize: 14, fontWeight: 'normal' },
      },
      // Wide enough for the longest name: without a browser nothing measures texts well.
      grid: { left: 16 + 6.6 * longest, right: 130, top: 36, bottom: 28 },
      xAxis: {
        type: 'value',
        axisLabel: { color: colours.text },
        splitLine: { lineStyle: { color: colours.line } },
      },
      yAxis: {
        type: 'category',
        inverse: true,
        data: rows.map(({ name }) => name),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: colours.line } },
        axisLabel: { color: colours.text, fontSize: 12 },
      },
      series: {
        type: 'bar',
        barMaxWidth: 18,
        data: rows.map((row) => ({
          value: row.value.median,
          itemStyle: { color: colourOf(row) },
        })),
        label: {
          show: true,
          position: 'right',
          color: colours.text,
          formatter: (/** @type {{ dataIndex: number }} */ { dataIndex }) => labelOf(rows[dataIndex]),
        },
      },
    });
    return `${chart.renderToSVGString()}\n`;
  } finally {
    chart.dispose();
  }
}

/** @param {import('../result.mjs').Row} row */
function colourOf(row) {
  if (hasNoCache(row)) return colours.floor;
  return isOurs(row) ? colours.ours : colours.peer;
}

/** @param {import('../result.mjs').Row | undefined} row */
function labelOf(row) {
  if (row === undefined) return '';
  const { median } = row.value;
  const value =
    median < 10 ? median.toFixed(2) : median < 100 ? median.toFixed(1) : String(Math.round(median));
  return row.ratio === undefined ? value : `${value}  (${row.ratio.median.toFixed(2)} x)`;
}
