// @ts-check

/**
 * Something in which a version of a client is not as the newest that the tests are written for.
 *
 * @typedef {object} ListedDifference
 * @property {'axios' | 'got'} client
 * @property {string} [since] The first version that it is in.
 * @property {string} [before] The first version that it is not in.
 * @property {string} [nodeSince] The first version of Node.js that it is in.
 * @property {string} what As the README says it.
 * @property {readonly RegExp[]} tests The names of the tests that show it.
 * @property {boolean} isRun Whether these run, and fail. Tests of what a version does not have need not.
 */

/** @type {readonly ListedDifference[]} */
export const listedDifferences = [
  {
    client: 'axios',
    before: '1.7.0',
    what: 'axios has no adapter `fetch` before 1.7.',
    tests: [/fetch adapter/, /pass it by visibly on errors, too/],
    isRun: false,
  },
  {
    client: 'axios',
    before: '1.13.0',
    what: 'axios has no `httpVersion` before 1.13.',
    tests: [/'an HTTP version that there is none of'/],
    isRun: false,
  },
  {
    client: 'axios',
    before: '1.15.2',
    what: 'axios has no `allowedSocketPaths` before 1.15.2.',
    tests: [/'a unix socket that is not allowed'/],
    isRun: false,
  },
  {
    client: 'axios',
    before: '1.16.0',
    what: 'Before 1.16, axios lets a request that timed out go on. With a cache, what comes of it may answer another request for the same.',
    tests: [/'a timeout/],
    isRun: true,
  },
  {
    client: 'axios',
    before: '1.18.0',
    what: 'axios has no `sensitiveHeaders` before 1.18.',
    tests: [/redirects carry no credentials elsewhere/, /when axios refuses what it was looked up for/],
    isRun: false,
  },
  {
    client: 'got',
    before: '14.0.0',
    what: 'With a `beforeRequest` hook, ours or any other, got 12 and 13 emit the `downloadProgress` of the end of a redirect before the next `request`, and not after it.',
    tests: [/'a redirect (chain|loop), streamed'/, /'the events of a (redirect|promise)'/],
    isRun: true,
  },
  {
    client: 'got',
    before: '13.0.0',
    what: 'got allows unix sockets before 13.',
    tests: [/'a unix socket that is not enabled'/],
    isRun: false,
  },
  {
    client: 'got',
    before: '15.0.0',
    nodeSince: '24.0.0',
    what: 'Up to got 14, on Node.js 24 and later, a connection that takes longer than `timeout.connect` ends in an `Error` of Node.js without a cache, and in the `TimeoutError` that got documents with one.',
    tests: [/'timeout\.connect'/],
    isRun: true,
  },
  {
    client: 'got',
    since: '15.0.0',
    what: 'got has neither `isStream` nor `.cancel()` since 15.',
    tests: [/'isStream'/, /\.cancel\(\)/],
    isRun: false,
  },
  {
    client: 'got',
    since: '16.0.0',
    what: 'In got 16, a response that is decoded over HTTP/2 has `headersDistinct` and `trailersDistinct` without a cache; with one it has neither, as over HTTP/1.1.',
    tests: [/'gzip over HTTP\/2/],
    isRun: true,
  },
];

/**
 * What is listed for a version of a client on a version of Node.js.
 *
 * @param {'axios' | 'got' | 'rest'} client
 * @param {string} version
 * @param {string} node
 */
export function listedFor(client, version, node) {
  return listedDifferences.filter(
    ({ client: listed, since = '0', before = '999', nodeSince = '0' }) =>
      listed === client &&
      compare(version, since) >= 0 &&
      compare(version, before) < 0 &&
      compare(node, nodeSince) >= 0,
  );
}

/**
 * @param {string} one
 * @param {string} other
 */
function compare(one, other) {
  return one.localeCompare(other, 'en', { numeric: true });
}
