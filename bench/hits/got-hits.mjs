// @ts-check
import got from 'got';
import { cacheInfo } from 'http-larder';
import { gotCache } from 'http-larder/got';
import { diskCache, memoryCache } from '../caches.mjs';
import { drain } from '../drain.mjs';
import { gotOwnCache } from '../got-own-cache.mjs';
import { textOf } from './content.mjs';
import { MessageAtHand } from './message-at-hand.mjs';

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
  const { plain, validated } = scenario;
  const outcome = validated ? 'revalidated' : 'hit';
  const alone = client(scenario);
  const memory = alone.extend(gotCache({ cache: memoryCache() }));
  /** @type {Way[]} */
  const ways = [
    floor(alone, scenario, { url, known }),
    {
      id: 'memory',
      name: 'memory',
      ...asker(() => memory, scenario, url),
      outcome,
      goal: plain ? 1.25 : 1.5,
    },
  ];
  if (plain) {
    const disk = alone.extend(gotCache({ cache: diskCache(folder) }));
    ways.push({ id: 'disk', name: 'disk', ...asker(() => disk, scenario, url), outcome, goal: 1.5 });
  }
  const own = gotOwnCache(alone);
  ways.push({ id: 'got-cache', name: "got's own cache, a Map", ...asker(own, scenario, url), peer: true });
  if (plain || validated) {
    const name = 'no cache, origin on loopback';
    ways.push({ id: 'no-cache', name, ...asker(() => alone, scenario, url), uncached: true });
  }
  return ways;
}

/**
 * What got takes in any case: the same request to a hook that has the response at hand. Where it is validated, it is got
 * asking with the validator, and the text at hand for the 304.
 *
 * @param {import('got').Got} alone
 * @param {Scenario} scenario
 * @param {{ url: string, known: KnownResponse }} setting
 * @returns {Way}
 */
function floor(alone, scenario, { url, known }) {
  if (scenario.validated) {
    const text = textOf(known);
    const headers = { 'If-None-Match': String(known.headers['etag']) };
    const { ask, read } = asker(() => alone, { ...scenario, headers }, url);
    const name = 'floor: got asks for a 304, and has the text';
    return {
      id: 'floor',
      name,
      ask: async () => Object.assign(await ask(), { body: JSON.parse(text) }),
      read,
    };
  }
  // Got's type wants all that Node's own messages have.
  const answer = /** @type {() => any} */ (() => new MessageAtHand(known));
  const instance = alone.extend({ hooks: { beforeRequest: [answer] } });
  return {
    id: 'floor',
    name: 'floor: a hook that has the response',
    ...asker(() => instance, scenario, url),
  };
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
