// @ts-check
import { dirname } from 'node:path';
/** @typedef {import('./run-tests.mjs').Failure} Failure */

/**
 * What one version of a client did on one version of Node.js.
 *
 * @typedef {object} Result
 * @property {string} tree A digest of the sources and tests.
 * @property {boolean} memory Whether the tables of the clients were run without the caches on disk.
 * @property {string} date
 * @property {'axios' | 'got' | 'rest'} client
 * @property {string} version Of the client; empty for the tests of neither.
 * @property {string} node Version.
 * @property {Record<string, string>} packages The client and what it brought along.
 * @property {number} passed
 * @property {number} notRun
 * @property {number} seconds
 * @property {readonly Failure[]} failures Those that are not expected.
 * @property {readonly { readonly what: string, readonly tests: readonly string[] }[]} notes What is expected, and which tests failed by it.
 * @property {readonly string[]} gone What is listed, but did not show.
 */

/**
 * Sorts what failed into what is expected and what is not.
 *
 * @param {Omit<Result, 'notRun' | 'passed' | 'seconds' | 'failures' | 'notes' | 'gone'>} about
 * @param {import('./run-tests.mjs').Outcome} outcome
 * @param {readonly import('./listed-differences.mjs').ListedDifference[]} listed What is listed for this version.
 * @returns {Result}
 */
export function judge(about, { failures, ...counts }, listed) {
  const found = listed.map(({ what, tests, isRun }) => ({
    what,
    isRun,
    failed: failures.filter(({ name }) => tests.some((test) => test.test(name))),
  }));
  const expected = new Set(found.flatMap(({ failed }) => failed));
  const others = failures.filter((failure) => !expected.has(failure));
  const foreign = failuresWithoutCache(others);
  const notes = found.map(({ what, failed }) => ({ what, tests: namesOf(failed) }));
  if (foreign.length > 0) {
    const what = `Some tests are of what ${about.client} does in other versions: they fail without a cache, too.`;
    notes.push({ what, tests: namesOf(foreign) });
  }
  return {
    ...about,
    ...counts,
    failures: others.filter((failure) => !foreign.includes(failure)),
    notes,
    gone: found.filter(({ isRun, failed }) => isRun && failed.length === 0).map(({ what }) => what),
  };
}

/**
 * What fails in the row of a table that has no cache says nothing of the cache in the other rows.
 *
 * @param {readonly Failure[]} failures
 */
function failuresWithoutCache(failures) {
  const plain = failures.filter(({ name }) => name.includes(`with 'no cache'`));
  const scenarios = new Set(plain.map(scenarioOf));
  return failures.filter((failure) => scenarios.has(scenarioOf(failure)));
}

/**
 * A table may be spread over files of one folder.
 *
 * @param {Failure} failure
 */
function scenarioOf({ file, title }) {
  return `${dirname(file)} ${title}`;
}

/** @param {readonly Failure[]} failures */
function namesOf(failures) {
  return failures.map(({ name }) => name);
}

/**
 * Whether a result is as it should be.
 *
 * @param {Result} result
 */
export function isGood({ failures, gone }) {
  return failures.length === 0 && gone.length === 0;
}
