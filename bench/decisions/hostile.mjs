// @ts-check
import CachePolicy from 'http-cache-semantics';
import { decideStorage, sameSelecting, selectingFields, varyNames } from './core.mjs';
import { asObject, policyOf, requestWith, responseWith, rules } from './messages.mjs';

/** The most that a decision may take, in nanoseconds. */
const goal = 100_000;

/** As long as a header section of Node can be. */
const longVary = manyNames(16 * 1024);

/** About as long as what is stored may be. */
const allowedVary = Array.from({ length: 64 }, (_, index) => `X-Field-With-A-Long-Name-${index}`).join(',');

/**
 * Decisions about a `Vary` that was made to cost time.
 *
 * @returns {(import('../compare.mjs').Contender & { limit?: number })[]}
 */
export function hostileDecisions() {
  const plain = requestWith();
  const full = requestWith(allowedVary.split(',').map((name) => [name, 'one, two, three']));
  const response = responseWith(longVary);
  const allowed = varyNames([['Vary', allowedVary]]);
  if (allowed === '*') throw new Error('A Vary of 64 names is to match');
  /** @param {import('http-larder').RequestHead} request */
  const matching = ({ headers }) => {
    const selecting = selectingFields(allowed, headers, noDigest);
    return () => sameSelecting(selecting, selectingFields(allowed, headers, noDigest));
  };
  const theirs = { url: plain.url, method: 'GET', headers: asObject(plain.headers) };
  const answer = { status: 200, headers: asObject(response.headers) };
  const policy = new CachePolicy(theirs, answer, { shared: false });

  return [
    {
      id: 'http-cache-semantics',
      name: 'http-cache-semantics: reused? 16 KB of names',
      peer: true,
      run: () => policy.satisfiesWithoutRevalidation(theirs),
    },
    {
      id: 'store',
      name: 'may it be stored? 16 KB of names',
      limit: goal,
      run() {
        const input = { request: plain, response, mode: /** @type {const} */ ('default'), rules };
        return decideStorage({ ...input, policy: () => policyOf(response) });
      },
    },
    {
      id: 'match',
      name: 'does it match? 64 names, the most that are stored',
      limit: goal,
      run: matching(plain),
    },
    { id: 'match-all', name: '… and the request has all of them', run: matching(full) },
  ];
}

/** @param {number} length */
function manyNames(length) {
  let names = 'a';
  for (let count = 1; names.length < length; count += 1) names += `,${count.toString(36)}`;
  return names.slice(0, length);
}

/** None of the fields carries credentials. */
function noDigest() {
  return undefined;
}
