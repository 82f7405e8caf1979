// @ts-check

/**
 * A request that is answered from a cache again and again.
 *
 * @typedef {object} Scenario
 * @property {string} id
 * @property {string} title
 * @property {string} path Of what the origin has.
 * @property {'get' | 'head'} method
 * @property {'json' | 'bytes' | 'stream' | 'nothing'} as What the caller gets of the body.
 * @property {Readonly<Record<string, string>>} [headers] Of the request.
 * @property {Readonly<Record<string, string | number>>} [query]
 * @property {number} [timeoutMs]
 * @property {boolean} [interceptors] Whether the caller has interceptors (axios) or hooks (got) of the usual kind.
 * @property {boolean} [validated] Whether the origin is asked each time and answers with a 304.
 * @property {number} [atOnce] How many requests are made at once, where it is more than one.
 * @property {boolean} [plain] Whether it is measured on disk and without a cache too, and beside caches of other clients.
 */

const get = /** @type {const} */ ({ method: 'get', as: 'json' });

/**
 * Plain requests with every store and every peer, and then what else a request can have, with 1 KB in memory: what it costs
 * there it costs everywhere.
 *
 * @type {readonly Scenario[]}
 */
export const scenarios = [
  { ...get, id: '1-kb', title: '1 KB of JSON', path: '/json/1', plain: true },
  { ...get, id: '10-kb', title: '10 KB of JSON', path: '/json/10', plain: true },
  { ...get, id: '1-mb', title: '1 MB of bytes', path: '/bytes/1000', as: 'bytes', plain: true },
  { ...get, id: '64-at-once', title: '64 at once, 1 KB each, time of all', path: '/json/1', atOnce: 64 },
  { ...get, id: 'gzip', title: '1 KB of JSON, gzip', path: '/gzip/1' },
  {
    ...get,
    id: 'query',
    title: '1 KB of JSON, with a query',
    path: '/json/1',
    query: { page: 2, sort: 'name', text: 'red and green' },
  },
  { ...get, id: 'vary', title: '1 KB of JSON, Vary: Accept-Encoding', path: '/vary/1' },
  {
    ...get,
    id: 'authorization',
    title: '1 KB of JSON, Authorization',
    path: '/json/1',
    headers: { Authorization: 'Bearer 1234567890abcdef' },
  },
  { ...get, id: 'timeout', title: '1 KB of JSON, with a timeout', path: '/json/1', timeoutMs: 10_000 },
  { ...get, id: 'interceptors', title: '1 KB of JSON, interceptors', path: '/json/1', interceptors: true },
  {
    ...get,
    id: 'validated',
    title: '1 KB of JSON, validated by a 304',
    path: '/validated/1',
    validated: true,
  },
  { ...get, id: 'head', title: 'HEAD', path: '/json/1', method: 'head', as: 'nothing' },
  { ...get, id: 'stream', title: '1 KB as a stream', path: '/json/1', as: 'stream' },
];
