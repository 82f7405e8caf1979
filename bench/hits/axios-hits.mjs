// @ts-check
import axios from 'axios';
import { installCache } from 'http-larder/axios';
import { jsonBody } from '../bodies.mjs';
import { diskCache, memoryCache } from '../caches.mjs';

/**
 * What a hit costs in axios, beside an adapter that has the same text and header fields at hand; axios parses both.
 *
 * @param {{ origin: string, folder: string, kilobytes: number }} setting
 * @returns {Promise<import('../compare.mjs').Contender[]>}
 */
export async function axiosHits({ origin, folder, kilobytes }) {
  const url = `${origin}/json/${kilobytes}`;
  const text = jsonBody(kilobytes);
  const plain = axios.create();
  const { headers } = await plain.get(url);
  const floor = axios.create({
    adapter: async (config) => ({
      data: text,
      status: 200,
      statusText: 'OK',
      headers: { ...headers },
      config,
    }),
  });
  const memory = axios.create();
  installCache(memory, { cache: memoryCache() });
  const disk = axios.create();
  installCache(disk, { cache: diskCache(folder) });
  for (const client of [memory, disk]) await mustHit(client, url);

  return [
    { id: 'floor', name: 'floor: an adapter that has the text', run: () => floor.get(url) },
    { id: 'memory', name: 'hit, memory', run: () => memory.get(url), goal: 1.15 },
    { id: 'disk', name: 'hit, disk', run: () => disk.get(url), goal: 1.5 },
    { id: 'no-cache', name: 'no cache, origin on loopback', run: () => plain.get(url) },
  ];
}

/**
 * @param {import('axios').AxiosInstance} client
 * @param {string} url
 */
async function mustHit(client, url) {
  await client.get(url);
  const { httpCache } = await client.get(url);
  if (httpCache?.outcome !== 'hit') throw new Error(`axios got a ${httpCache?.outcome} for ${url}`);
}
