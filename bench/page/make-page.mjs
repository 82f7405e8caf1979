// @ts-check
import { format } from 'prettier';
import { reachesGoal } from '../result.mjs';
import { sections } from '../sections.mjs';
import { chartFile, hasChart } from './charts.mjs';
import { markdownTable } from './markdown-table.mjs';
import { amount, range, target, told } from './words.mjs';

/**
 * The page that shows what was measured.
 *
 * @param {import('../result.mjs').Figures} figures
 * @returns {Promise<string>} Markdown.
 */
export function makePage(figures) {
  const text = `# Benchmarks

What a request costs with http-larder, beside the least that it can cost and beside other caches for the same work. This
page is written by \`npm run bench -- --save\`; \`npm run bench\` repeats all of it on your machine, with nothing else
installed, and \`npm run bench -- --only hits --quick\` is a first look. How it measures is in
\`bench/README.md\` of the repository.

The **floor** is the first row of each table: the client, or the file, doing the same work with what it needs at hand; another
cache, where its name stands there. Ratios
are of turns of the same round, medians of all rounds; so they say more than the times, which are of this machine:

${markdownTable(['', ''], machineRows(figures))}

## Goals

${markdownTable(['what', 'is', 'goal', ''], goalRows(figures))}

${sections.flatMap(({ name, about }) => sectionText(name, about, figures)).join('\n\n')}
`;
  return format(text, { parser: 'markdown', printWidth: 110, proseWrap: 'always' });
}

/** @param {import('../result.mjs').Figures} figures */
function machineRows({ machine, versions, comparisons }) {
  const dates = [...new Set(comparisons.map(({ date }) => date))].toSorted();
  return [['measured on', dates.join(', ')], ...Object.entries(machine), ...Object.entries(versions)];
}

/** @param {import('../result.mjs').Figures} figures */
function goalRows({ comparisons }) {
  return comparisons.flatMap((comparison) =>
    comparison.rows.flatMap((row) => {
      const reached = reachesGoal(comparison, row);
      if (reached === undefined) return [];
      const what = `${comparison.title}: ${row.name}`;
      return [[what, told(comparison, row), target(comparison, row), reached ? 'yes' : '**no**']];
    }),
  );
}

/**
 * @param {string} name
 * @param {string} about
 * @param {import('../result.mjs').Figures} figures
 * @returns {string[]}
 */
function sectionText(name, about, { comparisons }) {
  const own = comparisons.filter(({ section }) => section === name);
  return own.length === 0 ? [] : [`## ${name}`, `${about}.`, ...own.map(comparisonText)];
}

/** @param {import('../result.mjs').Comparison} comparison */
function comparisonText(comparison) {
  const { title, unit, better, rows } = comparison;
  const head = ['', `${unit}, ${better} is better`, 'p10..p90', 'x floor', 'p10..p90', 'goal'];
  const body = rows.map((row) => [
    row.peer ? `_${row.name}_` : row.name,
    amount(row.value.median),
    range(row.value, amount),
    row.difference === undefined && row.ratio === undefined ? '' : told(comparison, row),
    row.ratio === undefined ? '' : range(row.ratio, (value) => value.toFixed(2)),
    target(comparison, row),
  ]);
  return [
    `### ${title}`,
    ...(hasChart(comparison) ? [`![${title}: the medians as bars](charts/${chartFile(comparison)})`] : []),
    markdownTable(head, body),
  ].join('\n\n');
}
