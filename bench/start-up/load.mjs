// @ts-check
// Loads an entry point, as the first that this process does, and tells the parent how long it took and what was loaded.
// Arguments: `import` or `require`, the entry point, and `count` where the code is to be counted rather than timed.
import { statSync } from 'node:fs';
import { Session } from 'node:inspector';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** @typedef {{ milliseconds: number } | { files: number, kilobytes: number }} Loaded */

const [way = '', name = '', task = ''] = process.argv.slice(2);
const require = createRequire(import.meta.url);

/** @type {Loaded} */
const loaded = task === 'count' ? await countCode() : await time();
process.send?.(loaded, () => process.exit());

async function load() {
  if (way === 'require') require(name);
  else await import(name);
}

async function time() {
  const start = performance.now();
  await load();
  return { milliseconds: performance.now() - start };
}

/** All files that are compiled, whether all of their code ever runs or not. */
async function countCode() {
  const files = new Set();
  const session = new Session();
  session.connect();
  session.on('Debugger.scriptParsed', ({ params: { url } }) => {
    // CommonJS modules are named by their path, others by their URL.
    if (url.startsWith('/')) files.add(pathToFileURL(url).href);
    else if (url.startsWith('file:')) files.add(url);
  });
  session.post('Debugger.enable');
  // What was compiled before: this file.
  files.clear();
  await load();
  session.disconnect();
  const bytes = [...files].reduce((sum, url) => sum + statSync(fileURLToPath(url)).size, 0);
  return { files: files.size, kilobytes: bytes / 1000 };
}
