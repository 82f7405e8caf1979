// @ts-check
import { parseArgs } from 'node:util';
import { chosenSections } from '../options.mjs';

export const usage = `Usage: npm run bench:check [-- --only <section,…>]

Measures as \`npm run bench\` does, and fails with 1 when a ratio to a floor is worse than in bench/results.json by more
than noise, twice.

  --only <section,…>  run these sections alone
  --help              print this`;

/**
 * Reads the command line.
 *
 * @throws {Error} In one sentence, about what is wrong with it.
 */
export function readCheckOptions() {
  const { values } = parseArgs({
    options: /** @type {const} */ ({ only: { type: 'string' }, help: { type: 'boolean', default: false } }),
  });
  return { ...values, only: chosenSections(values.only) };
}
