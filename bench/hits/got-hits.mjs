// @ts-check
import got from 'got';
import { cacheInfo } from 'http-larder';
import { gotCache } from 'http-larder/got';
import { diskCache, memoryCache } from '../caches.mjs';
import { drain } from '../drain.mjs';
import { gotOwnCache } from '../got-own-cache.mjs';
import { gotFloor } from './got-floor.mjs';
import { hitName } from './ways.mjs';

/** @typedef {import('./scenarios.mjs').Scenario} Scenario */
/** @typedef {import('./known-response.mjs').KnownResponse} KnownResponse */
/** @typedef {import('./ways.mjs').Way} Way */

/**
 * What answers a request in got.
 *
 * @param {Scenario} scenario
 * @param {{ url: string, folder: string, known: KnownResponse }} setting
 * @returns {Way[]}
 */
export function gotWays(scenario, { url, folder, known }) {
  const { stores, plain, validated, uncached } = scenario;
  const outcome = validated ? 'revalidated' : 'hit';
  const alone = client(scenario);
  const goals = { memory: plain ? 1.25 : 1.5, disk: 1.5 };
  /** @type {Way[]} */
  const ways = [
    gotFloor(alone, scenario, { url, known }, asker),
    ...stores.map((store) => {
      const cache = store === 'memory' ? memoryCache() : diskCache(folder);
      const ours = alone.extend(gotCache({ cache }));
      const asked = asker(() => ours, scenario, url);
      return { id: store, name: hitName(scenario, store), ...asked, outcome, goal: goals[store] };
    }),
  ];
  if (stores.includes('memory')) {
    const own = gotOwnCache(alone);
    ways.push({ id: 'got-cache', name: "got's own cache, a Map", ...asker(own, scenario, url), peer: true });
  }
  if (uncached) {
    const name = 'no cache, origin on loopback';
    ways.push({ id: 'no-cache', name, ...asker(() => alone, scenario, url), uncached: true });
  }
  return ways;
}

/** @param {Scenario} scenario */
function client({ as, interceptors }) {
  const responseType = /** @type {const} */ ({
    json: 'json',
    bytes: 'buffer',
    stream: 'text',
    nothing: 'text',
  })[as];
  const made = got.extend({ responseType, retry: { limit: 0 } });
  if (!interceptors) return made;
  return made.extend({
    hooks: {
      beforeRequest: [
        ({ headers }) => {
          headers['x-trace'] = '1';
        },
      ],
      afterResponse: [(response) => response],
    },
  });
}

/**
 * @param {() => import('got').Got} instance
 * @param {Scenario} scenario
 * @param {string} url
 * @returns {Pick<Way, 'ask' | 'read'>}
 */
function asker(instance, { method, as, headers, query, timeoutMs }, url) {
  const options = {
    ...(headers && { headers }),
    ...(query && { searchParams: query }),
    ...(timeoutMs && { timeout: { request: timeoutMs } }),
  };
  if (as === 'stream') return streamAsker(() => instance().stream(url, options));
  return {
    ask: () => instance()[method](url, options),
    read: (/** @type {import('got').Response} */ response) => answer(response, response.body),
  };
}

/**
 * @param {() => import('got').Request} open
 * @returns {Pick<Way, 'ask' | 'read'>}
 */
function streamAsker(open) {
  return {
    async ask() {
      const stream = open();
      const length = await drain(stream);
      if (stream.response === undefined) throw new Error('There is no response');
      return { response: stream.response, length };
    },
    read: (/** @type {{ response: import('got').PlainResponse, length: number }} */ { response, length }) =>
      answer(response, length),
  };
}

/**
 * @param {import('got').PlainResponse} response
 * @param {unknown} content
 */
function answer(response, content) {
  const info = cacheInfo(response);
  return { served: response.headers['x-served'], content, ...(info && { outcome: info.outcome }) };
}
