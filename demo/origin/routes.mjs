// @ts-check
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { measurements } from './measurements.mjs';

/**
 * What a route answers with.
 *
 * @typedef {object} Answer
 * @property {number} status
 * @property {Readonly<Record<string, string>>} headers
 * @property {Buffer} body As it goes over the wire.
 * @property {string} sha256 Digest of the body before any content coding.
 * @property {number} freshForMs For how long a private cache may reuse it unasked (RFC 9111 §4.2).
 */

/** @typedef {(request: import('node:http').IncomingMessage) => Answer} Route */

const second = 1000;
const day = 24 * 60 * 60 * second;

/**
 * The routes by path: one for each thing that real origins do and a cache has to mind.
 *
 * @returns {ReadonlyMap<string, Route>}
 */
export function makeRoutes() {
  const modified = new Date(Date.now() - 30 * day).toUTCString();
  const table = measurements();
  const compressedTable = {
    ...answer(table, { 'Content-Type': 'text/csv', 'Content-Encoding': 'gzip', ETag: '"m1"' }, 3600),
    body: gzipSync(table),
  };
  /** @type {string[]} */
  const cart = [];
  let asked = 0;

  return new Map(
    /** @type {[string, Route][]} */ ([
      // Always validated: each answer but the first is a 304.
      [
        '/api/users',
        () => json({ users: ['anna', 'ben'] }, { ETag: '"u1"', 'Cache-Control': 'no-cache' }, 0),
      ],
      // No Cache-Control: a tenth of the time since Last-Modified, at most a day (RFC 9111 §4.2.2).
      [
        '/pages/about',
        () =>
          answer(page('About us'), { 'Content-Type': 'text/html', 'Last-Modified': modified }, day / second),
      ],
      ['/data/measurements.csv', () => withVary(compressedTable, 'Accept-Encoding')],
      ['/latest', () => ({ ...answer(page('Moved'), { Location: '/releases/2' }, 600), status: 301 })],
      ['/releases/2', () => json({ release: 2 }, {}, 600)],
      [
        '/greeting',
        (request) =>
          withVary(answer(greeting(request), { 'Content-Type': 'text/plain' }, 600), 'Accept-Language'),
      ],
      ['/time', () => json({ now: new Date(), asked: (asked += 1) }, { 'Cache-Control': 'no-store' }, 0)],
      ['/api/me', me],
      [
        '/api/cart',
        ({ method }) => {
          if (method === 'POST') cart.push('tea');
          return json({ cart }, {}, method === 'POST' ? 0 : 600);
        },
      ],
    ]),
  );
}

/** @type {Route} */
function me({ headers }) {
  const user = headers.authorization?.replace('Bearer ', '');
  if (user === undefined)
    return { ...json({ error: 'Who are you?' }, { 'WWW-Authenticate': 'Bearer' }, 0), status: 401 };
  return json({ user }, { 'Cache-Control': 'private, max-age=600' }, 600);
}

/** @param {import('node:http').IncomingMessage} request */
function greeting(request) {
  return Buffer.from(request.headers['accept-language'] === 'de' ? 'Guten Tag!' : 'Good day!');
}

/** @param {string} title */
function page(title) {
  return Buffer.from(`<!doctype html><title>${title}</title><p>${`${title}. `.repeat(500)}</p>`);
}

/**
 * @param {unknown} value
 * @param {Readonly<Record<string, string>>} headers
 * @param {number} freshForSeconds
 */
function json(value, headers, freshForSeconds) {
  return answer(
    Buffer.from(JSON.stringify(value)),
    { 'Content-Type': 'application/json', ...headers },
    freshForSeconds,
  );
}

/**
 * A 200, with `max-age` unless its fields give or imply another freshness lifetime.
 *
 * @param {Buffer} body
 * @param {Readonly<Record<string, string>>} headers
 * @param {number} freshForSeconds
 * @returns {Answer}
 */
function answer(body, headers, freshForSeconds) {
  const impliesFreshness = 'Cache-Control' in headers || 'Last-Modified' in headers || freshForSeconds === 0;
  return {
    status: 200,
    headers: impliesFreshness ? headers : { ...headers, 'Cache-Control': `max-age=${freshForSeconds}` },
    body,
    sha256: createHash('sha256').update(body).digest('hex'),
    freshForMs: freshForSeconds * second,
  };
}

/**
 * @param {Answer} given
 * @param {string} fields
 * @returns {Answer}
 */
function withVary(given, fields) {
  return { ...given, headers: { ...given.headers, Vary: fields } };
}
