// @ts-check
import { rm } from 'node:fs/promises';
import { bundle } from '../scripts/bundle.mjs';
import { root } from '../scripts/public-entries.mjs';

/**
 * Modules of src/ that no public entry point leads to, built as those are.
 *
 * @param {readonly string[]} sources Their files, from src/.
 * @returns {Promise<Record<string, unknown>[]>}
 */
export async function innerModules(sources) {
  // Where the packages that they import are found.
  const folder = `bench/built-${process.pid}/`;
  const input = Object.fromEntries(sources.map((source, at) => [String(at), `./src/${source}`]));
  try {
    await bundle(input, { folder, format: 'esm' });
    return await Promise.all(sources.map((_source, at) => import(new URL(`${folder}${at}.js`, root).href)));
  } finally {
    await rm(new URL(folder, root), { recursive: true, force: true });
  }
}
