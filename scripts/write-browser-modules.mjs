// @ts-check
import { mkdir, writeFile } from 'node:fs/promises';
import { root } from './public-entries.mjs';

/**
 * Writes what each entry is under the `browser` condition: a module that throws one sentence.
 *
 * It names the entry's exports before it throws: a bundler, or Node with that condition, would refuse an import of a
 * name that is not there before the sentence is ever read. CommonJS serves `import` and `require` alike.
 *
 * @param {readonly import('./public-entries.mjs').PublicEntry[]} entries
 */
export async function writeBrowserModules(entries) {
  await mkdir(new URL('dist/browser', root), { recursive: true });
  await Promise.all(
    entries.map(async (entry) => {
      const names = Object.keys(await import(new URL(entry.esm, root).href));
      await writeFile(new URL(entry.browser, root), browserModule(entry.subpath, names));
    }),
  );
}

/**
 * @param {string} subpath
 * @param {readonly string[]} names
 */
function browserModule(subpath, names) {
  const specifier = subpath.replace('.', 'http-larder');
  const sentence =
    `${specifier} runs on Node.js: leave it out of what is built for browsers, ` +
    'or build and test without the "browser" condition.';
  const declared = names.map((name) => `exports.${name} = `).join('');
  return `'use strict';\n${declared}void 0;\nthrow new Error(${JSON.stringify(sentence)});\n`;
}
