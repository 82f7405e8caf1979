// @ts-check
import { access, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { root } from './public-entries.mjs';

const require = createRequire(import.meta.url);

/**
 * Checks that the export map and what was built agree: every file it names is there, every `index.ts` is an entry, and
 * `import`, `require` and the `browser` module name the same exports.
 *
 * @param {readonly import('./public-entries.mjs').PublicEntry[]} entries
 * @throws {Error} What does not agree.
 */
export async function checkExports(entries) {
  const faults = await unlistedEntries(entries);
  for (const entry of entries) {
    const missing = await missingFiles(entry.targets);
    faults.push(...missing.map((file) => `"${entry.subpath}" names ${file}, which was not built`));
    if (missing.length === 0) faults.push(...(await differingExports(entry)));
  }
  if (faults.length > 0)
    throw new Error(`The export map does not match what was built:\n${faults.join('\n')}`);
}

/** @param {readonly import('./public-entries.mjs').PublicEntry[]} entries */
async function unlistedEntries(entries) {
  const files = await readdir(new URL('src', root), { recursive: true });
  const listed = new Set(entries.map((entry) => entry.source));
  return files
    .map((file) => `./src/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('/index.ts') && !listed.has(file))
    .map((file) => `${file} is not in the export map`);
}

/** @param {readonly string[]} files */
async function missingFiles(files) {
  const missing = await Promise.all(
    files.map((file) =>
      access(new URL(file, root)).then(
        () => [],
        () => [file],
      ),
    ),
  );
  return missing.flat();
}

/** @param {import('./public-entries.mjs').PublicEntry} entry */
async function differingExports(entry) {
  if (entry.cjs === undefined) return [];
  const esm = Object.keys(await import(new URL(entry.esm, root).href)).toSorted();
  const cjs = Object.keys(require(entry.cjs.replace('./', '../'))).toSorted();
  if (esm.join() === cjs.join()) return [];
  return [`"${entry.subpath}" exports ${esm} to \`import\`, and ${cjs} to \`require\``];
}
