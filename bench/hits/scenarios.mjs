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
 * @property {readonly ('memory' | 'disk')[]} stores Where the response is stored.
 * @property {boolean} [fromFile] Whether the floor reads a file.
 * @property {boolean} [plain] Whether it is what anybody would measure first: with the goals for that in memory.
 * @property {readonly ('memory' | 'disk')[]} [others] Which caches of other clients are measured too, for scale.
 * @property {boolean} [uncached] Whether it is measured without a cache too.
 */

const memory = /** @type {const} */ (['memory']);
const disk = /** @type {const} */ (['disk']);
const both = /** @type {const} */ (['memory', 'disk']);

const get = /** @type {const} */ ({ method: 'get', as: 'json', stores: memory });
const plain = /** @type {const} */ ({ ...get, plain: true, stores: both });
const wide = /** @type {const} */ ({ ...plain, others: both, uncached: true });
const large = /** @type {const} */ ({ ...wide, path: '/bytes/1000', as: 'bytes' });

/**
 * Plain requests with every store and every peer, and then what else a request can have, with 1 KB in memory: what it costs
 * there it costs everywhere. Of a large body in a file the reading is the most part: there the floor reads one too.
 *
 * @type {readonly Scenario[]}
 */
export const scenarios = [
  { ...wide, id: '1-kb', title: '1 KB of JSON', path: '/json/1' },
  { ...wide, id: '10-kb', title: '10 KB of JSON', path: '/json/10' },
  { ...large, id: '1-mb', title: '1 MB of bytes, memory', stores: memory, others: memory },
  { ...large, id: '1-mb-disk', title: '1 MB of bytes, disk', stores: disk, others: disk, fromFile: true },
  { ...plain, id: '64-at-once', title: '64 at once, 1 KB each, time of all', path: '/json/1', atOnce: 64 },
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
    uncached: true,
  },
  { ...get, id: 'head', title: 'HEAD', path: '/json/1', method: 'head', as: 'nothing' },
  { ...get, id: 'stream', title: '1 KB as a stream', path: '/json/1', as: 'stream' },
];
