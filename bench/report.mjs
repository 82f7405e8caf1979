// @ts-check
import { cpus, totalmem } from 'node:os';
import { printTable } from './print-table.mjs';
import { versions } from './versions.mjs';

/**
 * Prints comparisons as they come, the machine and the versions; or all of it as JSON.
 *
 * @param {AsyncIterable<import('./result.mjs').Measured>} comparisons
 * @param {{ json: boolean }} options
 * @returns {Promise<import('./result.mjs').Figures>}
 */
export async function report(comparisons, { json }) {
  /** @type {import('./result.mjs').Measured[]} */
  const all = [];
  for await (const comparison of comparisons) {
    if (all.some(({ id }) => id === comparison.id)) throw new Error(`Two comparisons are '${comparison.id}'`);
    all.push(comparison);
    if (!json) printTable(comparison);
  }
  const figures = { machine: machine(), versions: versions(), comparisons: all };
  if (json) {
    console.log(JSON.stringify(figures, undefined, 2));
  } else {
    const programs = Object.entries(figures.versions).map(([name, version]) => `${name} ${version}`);
    console.log(`\n${Object.values(figures.machine).join(', ')}\n${programs.join(', ')}`);
  }
  return figures;
}

function machine() {
  return {
    platform: `${process.platform} ${process.arch}`,
    processors: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
  };
}
