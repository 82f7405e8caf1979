// @ts-check

/**
 * Something in which a version of a client is not as the newest that the tests are written for.
 *
 * @typedef {object} ListedDifference
 * @property {'axios' | 'got'} client
 * @property {string} [since] The first version that it is in.
 * @property {string} [before] The first version that it is not in.
 * @property {string} what As the README says it.
 * @property {readonly RegExp[]} tests The names of the tests that show it.
 * @property {boolean} isRun Whether these run, and fail. Tests of what a version does not have need not.
 */

/** @type {readonly ListedDifference[]} */
export const listedDifferences = [
  {
    client: 'axios',
    before: '1.7.0',
    what: 'axios has no `fetch` adapter before 1.7.',
    tests: [/fetch adapter/, /pass it by visibly on errors, too/],
    isRun: false,
  },
  {
    client: 'axios',
    before: '1.18.0',
    what: 'axios has no `sensitiveHeaders` before 1.18, and does not check them.',
    tests: [/redirects carry no credentials elsewhere/],
    isRun: false,
  },
  {
    client: 'got',
    since: '15.0.0',
    what: 'got has neither `isStream` nor `.cancel()` since 15.',
    tests: [/'isStream'/, /'\.cancel\(\)'/],
    isRun: false,
  },
];

/**
 * What is listed for a version of a client.
 *
 * @param {'axios' | 'got' | 'rest'} client
 * @param {string} version
 */
export function listedFor(client, version) {
  return listedDifferences.filter(
    ({ client: listed, since = '0', before = '999' }) =>
      listed === client && compare(version, since) >= 0 && compare(version, before) < 0,
  );
}

/**
 * @param {string} one
 * @param {string} other
 */
function compare(one, other) {
  return one.localeCompare(other, 'en', { numeric: true });
}
