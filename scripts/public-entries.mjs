// @ts-check
import { readFile } from 'node:fs/promises';

/**
 * One public entry of the package, as the export map in package.json has it.
 *
 * @typedef {object} PublicEntry
 * @property {string} subpath What stands behind the package's name: `.` or `./axios`.
 * @property {string} source The module it is built from, from the root of the repository.
 * @property {string} browser The module under the `browser` condition.
 * @property {string} esm The module that `import` loads.
 * @property {string | undefined} cjs The CommonJS that `require` loads; none for an entry that is ESM only.
 * @property {readonly string[]} targets Every file that the export map names for it.
 */

/** The root of the repository. */
export const root = new URL('../', import.meta.url);

/**
 * Reads the public entries out of the export map.
 *
 * @returns {Promise<PublicEntry[]>}
 */
export async function publicEntries() {
  const manifest = JSON.parse(await readFile(new URL('package.json', root), 'utf8'));
  return Object.entries(manifest.exports)
    .filter(([subpath]) => subpath !== './package.json')
    .map(([subpath, conditions]) => {
      // An entry that is ESM only has one set of files, whoever loads it.
      const esm = conditions.import ?? conditions;
      return {
        subpath,
        source: esm.default.replace('./dist/esm/', './src/').replace(/\.js$/, '.ts'),
        browser: esm.browser,
        esm: esm.default,
        cjs: conditions.require?.default,
        targets: [esm, conditions.require ?? {}].flatMap((files) => Object.values(files)),
      };
    });
}
