// @ts-check
import { cpus } from 'node:os';
import { printTable } from './print-table.mjs';

/**
 * Prints comparisons as they come, and the machine; or all of it as JSON.
 *
 * @param {AsyncIterable<import('./result.mjs').Comparison>} comparisons
 * @param {{ json: boolean }} options
 */
export async function report(comparisons, { json }) {
  const all = [];
  for await (const comparison of comparisons) {
    all.push(comparison);
    if (!json) printTable(comparison);
  }
  if (json) console.log(JSON.stringify({ machine: machine(), comparisons: all }, undefined, 2));
  else console.log(`\n${Object.values(machine()).join(', ')}`);
}

/** What figures depend on beside the program. */
function machine() {
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    processors: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
    date: new Date().toISOString().slice(0, 10),
  };
}
