// @ts-check
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../public-entries.mjs';

const repository = fileURLToPath(root);
const parts = ['src', 'test', 'package.json', 'tsconfig.json', 'vitest.config.ts'];

/**
 * Tests of what is built, written or packed; no version of a client makes a difference to them. And of the public suite,
 * whose table and page are of the versions of this checkout.
 */
const notRun = new Set(['architecture', 'demo', 'docs', 'package', 'public', 'scripts']);

/**
 * Makes the modules of this checkout known to all trees in a folder: a tree takes what it imports from the nearest
 * `node_modules` above it, and so its client from its own installation, and all else from here.
 *
 * @param {string} folder
 */
export function prepareFolder(folder) {
  mkdirSync(folder, { recursive: true });
  link(join(folder, 'node_modules'));
}

/**
 * Copies the sources and the tests into an installation.
 *
 * @param {string} folder
 * @returns {string} The root of the copy.
 */
export function plantTree(folder) {
  const tree = join(folder, 'tree');
  rmSync(tree, { recursive: true, force: true });
  for (const part of parts) cpSync(join(repository, part), join(tree, part), { recursive: true });
  return tree;
}

/**
 * The same for the tests of neither client, whose child processes look for modules in the tree itself.
 *
 * @param {string} folder
 */
export function plantTreeOfRest(folder) {
  const tree = plantTree(join(folder, 'rest'));
  link(join(tree, 'node_modules'));
  return tree;
}

/** @param {string} path */
function link(path) {
  rmSync(path, { force: true });
  symlinkSync(join(repository, 'node_modules'), path);
}

/** A digest of all that is copied, to tell whether results are of the same tree. */
export function digestOfTree() {
  const hash = createHash('sha256');
  for (const file of parts.flatMap(filesIn)) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(repository, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/**
 * The test files of a client: those with its name in front of a part of their path. `rest` are those of neither.
 *
 * @param {'axios' | 'got' | 'rest'} client
 */
export function testFilesOf(client) {
  return filesIn('test').filter((file) => {
    if (!file.endsWith('.test.ts')) return false;
    const names = file.split(sep).map((part) => part.split(/[.-]/)[0] ?? '');
    if (names.some((name) => notRun.has(name))) return false;
    return client === 'rest'
      ? !names.some((name) => name === 'axios' || name === 'got')
      : names.includes(client);
  });
}

/** @param {string} part */
function filesIn(part) {
  if (part.includes('.')) return [part];
  return readdirSync(join(repository, part), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(repository.length))
    .toSorted();
}
