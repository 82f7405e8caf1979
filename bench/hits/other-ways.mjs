// @ts-check
import fetch from 'make-fetch-happen';
import { Agent, interceptors, request } from 'undici';

/** @typedef {import('./scenarios.mjs').Scenario} Scenario */
/** @typedef {import('./ways.mjs').Way} Way */

/**
 * What answers a request without axios and got: caches of other clients, for scale.
 *
 * @param {Scenario} scenario
 * @param {{ url: string, folder: string }} setting
 * @returns {Way[]}
 */
export function otherWays({ as, others = [] }, { url, folder }) {
  /** @type {Record<'memory' | 'disk', () => Way>} */
  const ways = {
    disk: () => fetchWay({ as, url, folder }),
    memory: () => undiciWay({ as, url }),
  };
  return others.map((store) => ways[store]());
}

/**
 * @param {{ as: Scenario['as'], url: string, folder: string }} setting
 * @returns {Way}
 */
function fetchWay({ as, url, folder }) {
  const cachingFetch = fetch.defaults({ cachePath: folder, cacheAdditionalHeaders: ['x-served'] });
  return {
    id: 'make-fetch-happen',
    name: 'make-fetch-happen, disk',
    peer: true,
    async ask() {
      const response = await cachingFetch(url);
      const content = as === 'json' ? await response.json() : await response.arrayBuffer();
      return { headers: response.headers, content };
    },
    read: ({ headers, content }) => ({ served: headers.get('x-served'), content: comparable(content) }),
  };
}

/**
 * @param {{ as: Scenario['as'], url: string }} setting
 * @returns {Way}
 */
function undiciWay({ as, url }) {
  const dispatcher = new Agent().compose(interceptors.cache());
  return {
    id: 'undici',
    name: 'undici, its cache interceptor, memory',
    peer: true,
    async ask() {
      const { headers, body } = await request(url, { dispatcher });
      return { headers, content: as === 'json' ? await body.json() : await body.arrayBuffer() };
    },
    read: ({ headers, content }) => ({ served: headers['x-served'], content: comparable(content) }),
  };
}

/** @param {unknown} content */
function comparable(content) {
  return content instanceof ArrayBuffer ? Buffer.from(content) : content;
}
