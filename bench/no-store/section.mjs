// @ts-check
import axios from 'axios';
import { setupCache } from 'axios-cache-interceptor';
import got from 'got';
import { cacheInfo } from 'http-larder';
import { installCache } from 'http-larder/axios';
import { gotCache, withCache } from 'http-larder/got';
import { memoryCache } from '../caches.mjs';
import { compare } from '../compare.mjs';

/** How many requests are made at once. */
const atOnce = 100;

const mode = /** @type {const} */ ('no-store');

/** The most that they may take, in times of the client alone. */
const goal = 1.1;

/** @type {import('../sections.mjs').Section} */
export const noStore = {
  name: 'no-store',
  about: `${atOnce} requests at once that are to go past the cache`,
  async *run({ origin, effort }) {
    const url = `${origin}/json/1`;
    for (const [client, contenders] of Object.entries({ axios: axiosContenders, got: gotContenders })) {
      const what = {
        id: `${client}-no-store`,
        title: `${client}: ${atOnce} requests at once, mode no-store, time of all`,
      };
      yield await compare(what, await contenders(url), effort);
    }
  },
};

/**
 * @param {string} url
 * @returns {Promise<import('../compare.mjs').Contender[]>}
 */
async function axiosContenders(url) {
  const alone = axios.create();
  const ours = axios.create();
  installCache(ours, { cache: memoryCache() });
  const other = setupCache(axios.create());
  const { httpCache } = await ours.get(url, { httpCache: { mode } });
  mustBypass(httpCache);

  return [
    { id: 'floor', name: 'axios alone', run: allAtOnce(() => alone.get(url)) },
    {
      id: 'no-store',
      name: 'mode no-store',
      run: allAtOnce(() => ours.get(url, { httpCache: { mode } })),
      goal,
    },
    {
      id: 'axios-cache-interceptor',
      name: 'axios-cache-interceptor, cache: false',
      run: allAtOnce(() => other.get(url, { cache: false })),
      peer: true,
    },
  ];
}

/**
 * @param {string} url
 * @returns {Promise<import('../compare.mjs').Contender[]>}
 */
async function gotContenders(url) {
  const alone = got.extend({ responseType: 'json', retry: { limit: 0 } });
  const ours = alone.extend(gotCache({ cache: memoryCache() }));
  mustBypass(cacheInfo(await ours(url, withCache({ mode }))));

  return [
    { id: 'floor', name: 'got alone', run: allAtOnce(() => alone(url)) },
    {
      id: 'no-store',
      name: 'mode no-store',
      run: allAtOnce(() => ours(url, withCache({ mode }))),
      goal,
    },
  ];
}

/** @param {() => Promise<unknown>} ask */
function allAtOnce(ask) {
  return async () => await Promise.all(Array.from({ length: atOnce }, ask));
}

/** @param {import('http-larder').CacheInfo | undefined} info */
function mustBypass(info) {
  if (info?.outcome !== 'bypass') throw new Error(`A request in mode no-store is a ${info?.outcome}`);
}
