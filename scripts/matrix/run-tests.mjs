// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { binaryFolder } from './installation.mjs';

/** A run that takes longer hangs. */
const timeoutMs = 20 * 60_000;

/** Longer than in CI: an hour is long, and the machine may have other work. */
const testTimeoutMs = 30_000;

/**
 * A test that failed.
 *
 * @typedef {object} Failure
 * @property {string} file
 * @property {string} name With the names of what it is in.
 * @property {string} title Without them.
 * @property {string} message
 */

/**
 * What the tests said.
 *
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {number} notRun
 * @property {readonly Failure[]} failures
 * @property {number} seconds
 */

/**
 * Runs test files of a tree.
 *
 * @param {object} run
 * @param {string} run.tree
 * @param {import('./installation.mjs').NodeVersion} run.node
 * @param {readonly string[]} run.files
 * @param {readonly RegExp[]} run.without The names of tests not to run.
 * @returns {Promise<Outcome>}
 */
export async function runTests({ tree, node, files, without }) {
  const report = join(tree, 'report.json');
  rmSync(report, { force: true });
  const args = [
    'run',
    '--cache=false',
    `--testTimeout=${testTimeoutMs}`,
    '--reporter=json',
    `--outputFile=${report}`,
    ...files,
  ];
  if (without.length > 0) {
    args.push('--testNamePattern', `^(?!.*(?:${without.map(({ source }) => source).join('|')}))`);
  }
  const vitest = join(tree, '../../node_modules/vitest/vitest.mjs');
  const began = performance.now();
  const child = spawn(node.executable, [vitest, ...args], {
    cwd: tree,
    env: { ...process.env, PATH: `${binaryFolder(node)}${delimiter}${process.env['PATH'] ?? ''}` },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: timeoutMs,
  });
  let complaint = '';
  child.stderr.on('data', (chunk) => {
    complaint = `${complaint}${chunk}`.slice(-2000);
  });
  await once(child, 'close');
  const seconds = Math.round((performance.now() - began) / 1000);
  if (!existsSync(report)) {
    return {
      passed: 0,
      notRun: 0,
      failures: [{ file: '', name: 'the run itself', title: 'the run itself', message: complaint }],
      seconds,
    };
  }
  return { ...outcomeOf(JSON.parse(readFileSync(report, 'utf8'))), seconds };
}

/**
 * @param {object} report
 * @param {readonly { name: string, status: string, message: string, assertionResults: readonly { fullName: string, title: string, status: string, failureMessages: readonly string[] | null }[] }[]} report.testResults
 */
function outcomeOf({ testResults }) {
  const tests = testResults.flatMap(({ name: file, assertionResults }) =>
    assertionResults.map((result) => ({ ...result, file })),
  );
  const failed = tests
    .filter(({ status }) => status === 'failed')
    .map(({ file, fullName, title, failureMessages }) => ({
      file,
      name: fullName,
      title,
      message: failureMessages?.[0] ?? '',
    }));
  const broken = testResults
    .filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0)
    .map(({ name: file, message }) => ({ file, name: file, title: file, message }));
  const passed = tests.filter(({ status }) => status === 'passed').length;
  return { passed, notRun: tests.length - passed - failed.length, failures: [...failed, ...broken] };
}
