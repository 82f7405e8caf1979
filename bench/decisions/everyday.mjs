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

const theirs = 'http-cache-semantics';

/**
 * What is decided again and again, of messages as an API has them, beside the same question to http-cache-semantics; and the
 * keys, beside the parsing of a URL. What takes some tens of nanoseconds, as a look-up in a Map, is no floor: by what the
 * compiler makes of it, it takes three times as long in the next process.
 *
 * @returns {{ id: string, title: string, contenders: import('../compare.mjs').Contender[] }[]}
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
  const { reuse, store, notModified } = theirDecisions(plain, response);

  return [
    {
      id: 'decisions-reuse',
      title: 'Decisions: may it be reused?',
      contenders: [
        reuse,
        { id: 'fresh', name: 'it is fresh', run: at(plain, now + 1000) },
        { id: 'directives', name: '… and the request has directives', run: at(strict, now + 1000) },
        { id: 'stale', name: 'it is stale, and to be validated', run: at(plain, now + 3_600_000) },
      ],
    },
    {
      id: 'decisions-store',
      title: 'Decisions: may it be stored? and its policy',
      contenders: [
        store,
        {
          id: 'store',
          name: 'http-larder',
          run: () =>
            decideStorage({ request: plain, response, mode, rules, policy: () => policyOf(response) }),
        },
      ],
    },
    {
      id: 'decisions-not-modified',
      title: 'Decisions: what does a 304 mean? and head and policy anew',
      contenders: [
        notModified,
        {
          id: 'not-modified',
          name: 'http-larder',
          run() {
            const input = { stored: policy, storedHead: response, answer: confirmation, conditional: true };
            const { kind } = decideValidation({ ...input, request: plain.headers });
            if (kind !== 'freshen') throw new Error(`A 304 means ${kind}`);
            return policyOf(freshenHead(response, confirmation), selecting);
          },
        },
      ],
    },
    {
      id: 'decisions-keys',
      title: 'Decisions: which stored response is it?',
      contenders: [
        { id: 'floor', name: 'floor: a URL is parsed', run: () => new URL(plain.url).href },
        { id: 'key', name: 'key of a URL', run: () => primaryKey(targetUri(plain.url)) },
        {
          id: 'variant-key',
          name: 'key of a variant',
          run: () => variantKey(plain.url, 'epoch', selecting, null),
        },
        {
          id: 'vary',
          name: 'does it match? Vary with three names',
          run: () => sameSelecting(selecting, selectingFields(names, plain.headers, noDigest)),
        },
      ],
    },
  ];
}

/**
 * @param {import('http-larder').RequestHead} plain
 * @param {import('http-larder').HttpResponseHead} response
 */
function theirDecisions(plain, response) {
  const request = { method: plain.method, url: plain.url, headers: asObject(plain.headers) };
  const answer = { status: response.status, headers: asObject(response.headers) };
  const confirmed = { status: confirmation.status, headers: asObject(confirmation.headers) };
  const options = { shared: false };
  const policy = new CachePolicy(request, answer, options);
  const who = { id: theirs, name: theirs, peer: true };
  return {
    reuse: { ...who, run: () => policy.satisfiesWithoutRevalidation(request) },
    store: { ...who, run: () => new CachePolicy(request, answer, options).storable() },
    notModified: { ...who, run: () => policy.revalidatedPolicy(request, confirmed) },
  };
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
