// @ts-check
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../public-entries.mjs';
import { install } from './installation.mjs';

/** Eight versions in a row take some minutes; one that takes longer hangs. */
const timeoutMs = 10 * 60_000;

/**
 * What one version of TypeScript said of the package's types.
 *
 * @typedef {object} TypesResult
 * @property {string} version
 * @property {boolean} isGood
 * @property {string} output What the tests printed.
 */

/**
 * Runs the tests of the types of the package that was built with a version of TypeScript.
 *
 * @param {string} wanted
 * @param {{ readonly folder: string, readonly fresh: boolean }} options
 * @returns {TypesResult}
 */
export function checkTypes(wanted, options) {
  const { folder, version } = install('typescript', wanted, options);
  const vitest = fileURLToPath(new URL('node_modules/vitest/vitest.mjs', root));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [vitest, 'run', 'test/package/types.test.ts'],
    {
      cwd: fileURLToPath(root),
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', TYPESCRIPT: join(folder, 'node_modules/typescript') },
      timeout: timeoutMs,
    },
  );
  return { version, isGood: status === 0, output: `${stdout}${stderr}`.trim() };
}

/**
 * The results in a line of Markdown.
 *
 * @param {readonly TypesResult[]} results
 */
export function lineOfTypes(results) {
  const said = results.map(({ version, isGood }) => `${version} ${isGood ? 'no fault' : '**faults**'}`);
  return `TypeScript: ${said.join(', ')}.`;
}
