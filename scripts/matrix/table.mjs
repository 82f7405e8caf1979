// @ts-check
/** @typedef {import('./result.mjs').Result} Result */

const names = { axios: 'axios', got: 'got', rest: 'everything else' };

/**
 * The results as a table in Markdown, and under it what is expected to differ.
 *
 * @param {readonly Result[]} results
 * @returns {string}
 */
export function tableOf(results) {
  const nodes = inOrder(results.map(({ node }) => node));
  const notes = [...new Set(results.flatMap((result) => result.notes.map(({ what }) => what)))];
  /** @type {string[][]} */
  const rows = [['', ...nodes.map((node) => `Node.js ${node}`)]];
  for (const client of /** @type {const} */ (['axios', 'got', 'rest'])) {
    const own = results.filter((result) => result.client === client);
    for (const version of inOrder(own.map((result) => result.version))) {
      const cells = nodes.map((node) =>
        cellOf(
          own.find((result) => result.version === version && result.node === node),
          notes,
        ),
      );
      rows.push([`${names[client]} ${version}`.trim(), ...cells]);
    }
  }
  const lines = notes.map((note, at) => `${at + 1}. ${note}`);
  return [...aligned(rows), ...(lines.length === 0 ? [] : ['', ...lines])].join('\n');
}

/**
 * @param {Result | undefined} result
 * @param {readonly string[]} notes
 */
function cellOf(result, notes) {
  if (result === undefined) return '–';
  const { passed, failures } = result;
  const expected = result.notes.reduce((sum, { tests }) => sum + tests.length, 0);
  const marks = result.notes.map(({ what }) => notes.indexOf(what) + 1).toSorted((one, other) => one - other);
  const counts = [
    `${passed} pass`,
    ...(expected > 0 ? [`${expected} differ`] : []),
    ...(failures.length > 0 ? [`**${failures.length} fail**`] : []),
  ];
  return `${counts.join(', ')}${marks.length > 0 ? ` (${marks.join(', ')})` : ''}`;
}

/** @param {readonly string[]} versions */
function inOrder(versions) {
  return [...new Set(versions)].toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true }));
}

/** @param {readonly (readonly string[])[]} rows */
function aligned(rows) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (/** @type {readonly string[]} */ row) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)];
}
