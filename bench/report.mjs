// @ts-check
import { cpus, totalmem } from 'node:os';
import { printTable } from './print-table.mjs';
import { versions } from './versions.mjs';

/**
 * What a run says, as it is given in JSON.
 *
 * @typedef {object} Figures
 * @property {Record<string, string>} machine What figures depend on beside programs.
 * @property {Record<string, string>} versions Of the programs, by name.
 * @property {readonly import('./result.mjs').Comparison[]} comparisons
 */

/**
 * Prints comparisons as they come, the machine and the versions; or all of it as JSON.
 *
 * @param {AsyncIterable<import('./result.mjs').Comparison>} comparisons
 * @param {{ json: boolean }} options
 */
export async function report(comparisons, { json }) {
  /** @type {import('./result.mjs').Comparison[]} */
  const all = [];
  for await (const comparison of comparisons) {
    if (all.some(({ id }) => id === comparison.id)) throw new Error(`Two comparisons are '${comparison.id}'`);
    all.push(comparison);
    if (!json) printTable(comparison);
  }
  /** @type {Figures} */
  const figures = { machine: machine(), versions: versions(), comparisons: all };
  if (json) {
    console.log(JSON.stringify(figures, undefined, 2));
  } else {
    const programs = Object.entries(figures.versions).map(([name, version]) => `${name} ${version}`);
    console.log(`\n${Object.values(figures.machine).join(', ')}\n${programs.join(', ')}`);
  }
}

function machine() {
  return {
    platform: `${process.platform} ${process.arch}`,
    processors: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    date: new Date().toISOString().slice(0, 10),
  };
}
