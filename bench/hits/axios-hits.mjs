// @ts-check
import axios from 'axios';
import { setupCache } from 'axios-cache-interceptor';
import { installCache } from 'http-larder/axios';
import { diskCache, memoryCache } from '../caches.mjs';
import { drain } from '../drain.mjs';
import { axiosFloor } from './axios-floor.mjs';
import { hitName } from './ways.mjs';

/** @typedef {import('./scenarios.mjs').Scenario} Scenario */
/** @typedef {import('./ways.mjs').Way} Way */

/**
 * What answers a request in axios.
 *
 * @param {Scenario} scenario
 * @param {{ url: string, folder: string, known: import('./known-response.mjs').KnownResponse }} setting
 * @returns {Way[]}
 */
export function axiosWays(scenario, { url, folder, known }) {
  const { stores, plain, validated, uncached } = scenario;
  const outcome = validated ? 'revalidated' : 'hit';
  const goals = { memory: plain ? 1.15 : 1.5, disk: 1.5 };
  /** @type {Way[]} */
  const ways = [
    ...axiosFloor(scenario, { url, known }, client, asker),
    ...stores.map((store) => {
      const ours = client(scenario);
      installCache(ours, { cache: store === 'memory' ? memoryCache() : diskCache(folder) });
      return {
        id: store,
        name: hitName(scenario, store),
        ...asker(ours, scenario, url),
        outcome,
        goal: goals[store],
      };
    }),
  ];
  // It does not cache streams, nor on disk.
  if (scenario.as !== 'stream' && stores.includes('memory')) {
    const name = 'axios-cache-interceptor';
    const other = setupCache(client(scenario));
    ways.push({ id: name, name, ...asker(other, scenario, url), peer: true });
  }
  if (uncached) {
    const name = 'no cache, origin on loopback';
    ways.push({ id: 'no-cache', name, ...asker(client(scenario), scenario, url), uncached: true });
  }
  return ways;
}

/**
 * @param {Scenario} scenario
 * @param {import('axios').CreateAxiosDefaults} [config]
 */
function client({ interceptors }, config) {
  const made = axios.create(config);
  if (interceptors) {
    made.interceptors.request.use((request) => {
      request.headers.set('X-Trace', '1');
      return request;
    });
    made.interceptors.response.use((response) => response);
  }
  return made;
}

/**
 * @param {Pick<import('axios').AxiosInstance, 'get' | 'head'>} instance
 * @param {Scenario} scenario
 * @param {string} url
 * @returns {Pick<Way, 'ask' | 'read'>}
 */
function asker(instance, { method, as, headers, query, timeoutMs }, url) {
  /** @type {import('axios').AxiosRequestConfig} */
  const config = {
    ...(headers && { headers: { ...headers } }),
    ...(query && { params: query }),
    ...(timeoutMs && { timeout: timeoutMs }),
    ...(as === 'bytes' && { responseType: /** @type {const} */ ('arraybuffer') }),
    ...(as === 'stream' && { responseType: /** @type {const} */ ('stream') }),
  };
  const ask = () => instance[method](url, config);
  return {
    ask:
      as !== 'stream'
        ? ask
        : async () => {
            const response = await ask();
            return Object.assign(response, { data: await drain(response.data) });
          },
    read: (/** @type {import('axios').AxiosResponse} */ { headers: fields, data, httpCache }) => ({
      served: fields['x-served'],
      content: data,
      ...(httpCache && { outcome: httpCache.outcome }),
    }),
  };
}
