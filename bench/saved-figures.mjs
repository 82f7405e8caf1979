// @ts-check
import { readFile, writeFile } from 'node:fs/promises';

/** The figures that are committed. */
const file = new URL('results.json', import.meta.url);

/**
 * Reads the figures that are committed.
 *
 * @returns {Promise<import('./result.mjs').Figures>}
 */
export async function readFigures() {
  return JSON.parse(await readFile(file, 'utf8'));
}

/** @param {import('./result.mjs').Figures} figures */
export async function writeFigures(figures) {
  await writeFile(file, `${JSON.stringify(figures, roundedNumber, 1)}\n`);
}

/**
 * More than five digits are noise, and make each run's file another one.
 *
 * @param {string} _key
 * @param {unknown} value
 */
function roundedNumber(_key, value) {
  return typeof value === 'number' ? Number(value.toPrecision(5)) : value;
}
