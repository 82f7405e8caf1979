// @ts-check
import { createPolicy } from './core.mjs';

/** @typedef {import('../../src/core/message.ts').FieldLines} FieldLines */

/** When it all happens, in milliseconds since 1970. */
export const now = Date.UTC(2030, 0, 2, 12, 0, 0);

const url = 'https://api.example.org/v1/items?page=2&sort=name';

/** The rules of a cache with no options. */
export const rules = {
  shared: false,
  heuristic: 0.1,
  minTtl: undefined,
  maxTtl: undefined,
  defaultTtl: undefined,
  errorTtl: undefined,
  maxStaleIfDisconnected: 86_400_000,
  setCookie: /** @type {const} */ ('auto'),
  targetedCacheControl: [],
  immutable: true,
};

/** What axios sends. @type {FieldLines} */
const asked = [
  ['Accept', 'application/json, text/plain, */*'],
  ['User-Agent', 'axios/1.21.1'],
  ['Accept-Encoding', 'gzip, compress, deflate, br'],
  ['Host', 'api.example.org'],
  ['Connection', 'keep-alive'],
];

/** What an API sends. @type {FieldLines} */
const answered = [
  ['Date', new Date(now).toUTCString()],
  ['Content-Type', 'application/json; charset=utf-8'],
  ['Content-Length', '1024'],
  ['Cache-Control', 'private, max-age=60, stale-while-revalidate=30'],
  ['ETag', 'W/"5f3c-9a1b"'],
  ['Last-Modified', new Date(now - 3_600_000).toUTCString()],
  ['Vary', 'Accept-Encoding'],
  ['X-RateLimit-Remaining', '4999'],
];

/** @param {FieldLines} more */
export function requestWith(more = []) {
  return { method: 'GET', url, headers: [...asked, ...more] };
}

/** @param {string} [vary] Added to its own. */
export function responseWith(vary) {
  /** @type {FieldLines} */
  const headers = vary === undefined ? answered : [...answered, ['Vary', vary]];
  return {
    url,
    status: 200,
    statusText: 'OK',
    httpVersion: '1.1',
    trailers: [],
    headers,
  };
}

/** A 304 to a conditional request for it. */
export const confirmation = {
  status: 304,
  statusText: 'Not Modified',
  httpVersion: '1.1',
  headers: answered.filter(([name]) => !name.startsWith('Content-')),
};

/**
 * The policy of a response that has just come.
 *
 * @param {import('../../src/core/message.ts').ResponseHead} response
 * @param {import('../../src/core/policy-types.ts').SelectingField[]} [selecting]
 */
export function policyOf(response, selecting = []) {
  return createPolicy({
    id: 'id',
    epoch: 'epoch',
    request: requestWith(),
    response,
    requestTime: now,
    responseTime: now,
    selecting,
    credentials: null,
    rules,
  });
}

/**
 * Fields as http-cache-semantics takes them.
 *
 * @param {FieldLines} lines
 */
export function asObject(lines) {
  return Object.fromEntries(lines.map(([name, value]) => [name.toLowerCase(), value]));
}
