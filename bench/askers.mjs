// @ts-check
import { join } from 'node:path';
import axios from 'axios';
import { setupCache } from 'axios-cache-interceptor';
import got from 'got';
import { installCache } from 'http-larder/axios';
import { gotCache } from 'http-larder/got';
import makeFetchHappen from 'make-fetch-happen';
import { Agent, interceptors, request } from 'undici';
import { diskCache, memoryCache } from './caches.mjs';
import { gotOwnCache } from './got-own-cache.mjs';

/**
 * Something that asks for documents of JSON.
 *
 * @typedef {object} Asker
 * @property {string} id Words with hyphens between them, that no other asker has.
 * @property {string} name
 * @property {'axios' | 'got' | 'other'} client
 * @property {(url: string) => Promise<unknown>} ask Gives the document.
 * @property {import('http-larder').HttpCache} [cache] Ours, where it has that.
 * @property {boolean} [peer] Whether it has another cache.
 */

/**
 * Clients without a cache, with ours and with others, each with a store of its own.
 *
 * @param {string} folder For the stores.
 * @returns {readonly Asker[]}
 */
export function makeAskers(folder) {
  return [...axiosAskers(join(folder, 'axios')), ...gotAskers(join(folder, 'got')), ...otherAskers(folder)];
}

/**
 * @param {string} folder
 * @returns {Asker[]}
 */
function axiosAskers(folder) {
  const ask = (/** @type {Pick<import('axios').AxiosInstance, 'get'>} */ client) => ({
    client: /** @type {const} */ ('axios'),
    ask: async (/** @type {string} */ url) => (await client.get(url)).data,
  });
  const ours = (/** @type {import('http-larder').HttpCache} */ cache) => {
    const client = axios.create();
    installCache(client, { cache });
    return { cache, ...ask(client) };
  };
  const peer = 'axios-cache-interceptor';
  return [
    { id: 'axios-alone', name: 'axios alone', ...ask(axios.create()) },
    { id: 'axios-memory', name: 'axios, memory', ...ours(memoryCache()) },
    { id: 'axios-disk', name: 'axios, disk', ...ours(diskCache(folder)) },
    { id: peer, name: peer, peer: true, ...ask(setupCache(axios.create())) },
  ];
}

/**
 * @param {string} folder
 * @returns {Asker[]}
 */
function gotAskers(folder) {
  const alone = got.extend({ responseType: 'json', retry: { limit: 0 } });
  const ask = (/** @type {() => import('got').Got} */ client) => ({
    client: /** @type {const} */ ('got'),
    ask: async (/** @type {string} */ url) => (await client()(url)).body,
  });
  const ours = (/** @type {import('http-larder').HttpCache} */ cache) => {
    const client = alone.extend(gotCache({ cache }));
    return { cache, ...ask(() => client) };
  };
  return [
    { id: 'got-alone', name: 'got alone', ...ask(() => alone) },
    { id: 'got-memory', name: 'got, memory', ...ours(memoryCache()) },
    { id: 'got-disk', name: 'got, disk', ...ours(diskCache(folder)) },
    { id: 'got-cache', name: "got's own cache, a Map", peer: true, ...ask(gotOwnCache(alone)) },
  ];
}

/**
 * @param {string} folder
 * @returns {Asker[]}
 */
function otherAskers(folder) {
  const fetch = makeFetchHappen.defaults({ cachePath: join(folder, 'make-fetch-happen') });
  // More sockets than anybody asks at once: the others have no limit.
  const dispatcher = new Agent({ connections: 1000 }).compose(interceptors.cache());
  return [
    {
      id: 'make-fetch-happen',
      name: 'make-fetch-happen, disk',
      client: 'other',
      peer: true,
      ask: async (url) => await (await fetch(url)).json(),
    },
    {
      id: 'undici',
      name: 'undici, its cache interceptor, memory',
      client: 'other',
      peer: true,
      ask: async (url) => await (await request(url, { dispatcher })).body.json(),
    },
  ];
}
