// @ts-check
import CachePolicy from 'http-cache-semantics';
import {
  decideReuse,
  decideStorage,
  decideValidation,
  freshenHead,
  primaryKey,
  sameSelecting,
  selectingFields,
  targetUri,
  variantKey,
  varyNames,
} from './core.mjs';
import { asObject, confirmation, now, policyOf, requestWith, responseWith, rules } from './messages.mjs';

const mode = /** @type {const} */ ('default');

/**
 * What is decided again and again, of messages as an API has them, beside a look-up in a Map and the same decision of
 * http-cache-semantics.
 *
 * @returns {import('../compare.mjs').Contender[]}
 */
export function everydayDecisions() {
  const plain = requestWith();
  const strict = requestWith([['Cache-Control', 'max-age=30, min-fresh=5']]);
  const response = responseWith();
  const names = namesOf('Accept-Encoding, Accept, Accept-Language');
  const selecting = selectingFields(names, plain.headers, noDigest);
  const policy = policyOf(response, selecting);
  const at = (/** @type {import('http-larder').RequestHead} */ request, /** @type {number} */ time) => () =>
    decideReuse({ policy, request, mode, rules, now: time });
  const table = new Map(Array.from({ length: 10_000 }, (_, index) => [`${plain.url}&n=${index}`, index]));
  const present = `${plain.url}&n=5000`;

  return [
    { id: 'floor', name: 'floor: a look-up in a Map of 10 000', run: () => table.get(present) },
    { id: 'reuse-fresh', name: 'may it be reused? it is fresh', run: at(plain, now + 1000) },
    { id: 'reuse-directives', name: '… and the request has directives', run: at(strict, now + 1000) },
    { id: 'reuse-stale', name: '… it is stale, and to be validated', run: at(plain, now + 3_600_000) },
    ...theirDecisions(plain, response),
    {
      id: 'store',
      name: 'may it be stored? and its policy',
      run: () => decideStorage({ request: plain, response, mode, rules, policy: () => policyOf(response) }),
    },
    {
      id: 'not-modified',
      name: 'what does a 304 mean? and head and policy anew',
      run() {
        const input = { stored: policy, storedHead: response, answer: confirmation, conditional: true };
        const { kind } = decideValidation({ ...input, request: plain.headers });
        if (kind !== 'freshen') throw new Error(`A 304 means ${kind}`);
        return policyOf(freshenHead(response, confirmation), selecting);
      },
    },
    {
      id: 'vary',
      name: 'does it match? Vary with three names',
      run: () => sameSelecting(selecting, selectingFields(names, plain.headers, noDigest)),
    },
    { id: 'key', name: 'key of a URL', run: () => primaryKey(targetUri(plain.url)) },
    {
      id: 'variant-key',
      name: 'key of a variant',
      run: () => variantKey(plain.url, 'epoch', selecting, null),
    },
  ];
}

/**
 * @param {import('http-larder').RequestHead} plain
 * @param {import('http-larder').HttpResponseHead} response
 * @returns {import('../compare.mjs').Contender[]}
 */
function theirDecisions(plain, response) {
  const request = { method: plain.method, url: plain.url, headers: asObject(plain.headers) };
  const answer = { status: response.status, headers: asObject(response.headers) };
  const confirmed = { status: confirmation.status, headers: asObject(confirmation.headers) };
  const options = { shared: false };
  const policy = new CachePolicy(request, answer, options);
  const id = 'http-cache-semantics';
  return [
    {
      id: `${id}-reuse`,
      name: `${id}: reused?`,
      peer: true,
      run: () => policy.satisfiesWithoutRevalidation(request),
    },
    {
      id: `${id}-store`,
      name: `${id}: stored?`,
      peer: true,
      run: () => new CachePolicy(request, answer, options).storable(),
    },
    {
      id: `${id}-not-modified`,
      name: `${id}: a 304`,
      peer: true,
      run: () => policy.revalidatedPolicy(request, confirmed),
    },
  ];
}

/** @param {string} vary */
function namesOf(vary) {
  const names = varyNames([['Vary', vary]]);
  if (names === '*') throw new Error(`Vary: ${vary} matches nothing`);
  return names;
}

/** None of the fields carries credentials. */
function noDigest() {
  return undefined;
}
