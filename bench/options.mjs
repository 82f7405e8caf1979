// @ts-check
import { parseArgs } from 'node:util';
import { sections } from './sections.mjs';

export const usage = `Usage: npm run bench [-- [--only <section,…>] [--quick] [--json] [--save] [--list] [--entries <n,n,…>]]

Measures http-larder beside what it cannot be faster than, and beside other caches.

  --only <section,…>  run these sections alone
  --quick             fewer rounds, smaller bodies and stores, for a first look
  --json              print the figures as JSON
  --save              keep the figures in bench/results.json, and write docs/benchmarks.md and its charts from what is kept
  --list              list the sections
  --entries <n,n,…>   sizes of stores, the first being what the others are compared with; a million entries on disk
                      take 4 GB and as many inodes
  --help              print this`;

/**
 * Reads the command line.
 *
 * @throws {Error} In one sentence, about what is wrong with it.
 */
export function readOptions() {
  const { values } = parseArgs({
    options: /** @type {const} */ ({
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      save: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      entries: { type: 'string' },
      help: { type: 'boolean', default: false },
    }),
  });
  if (values.save && (values.quick || values.entries !== undefined)) {
    throw new Error('--save keeps what a whole run measured: leave out --quick and --entries');
  }
  return { ...values, only: chosenSections(values.only), entries: sizes(values.entries) };
}

/**
 * The sections of these names, or all of them.
 *
 * @param {string | undefined} names With commas between them.
 * @throws {RangeError} When there is no such section.
 */
export function chosenSections(names) {
  if (names === undefined) return sections;
  return names.split(',').map((name) => {
    const section = sections.find((one) => one.name === name);
    if (section !== undefined) return section;
    throw new RangeError(
      `--only is ${names}: there is no section '${name}', but ${sections.map((one) => one.name).join(', ')}`,
    );
  });
}

/** @param {string | undefined} given */
function sizes(given) {
  const numbers = given?.split(',').map(Number);
  if (numbers?.some((size) => !Number.isSafeInteger(size) || size < 1)) {
    throw new RangeError(`--entries is ${given}: give whole numbers from 1, with commas between them`);
  }
  return numbers;
}
