// @ts-check
import got from 'got';
import { cacheInfo } from 'http-larder';
import { gotCache } from 'http-larder/got';
import { jsonBody } from '../bodies.mjs';
import { diskCache, memoryCache } from '../caches.mjs';
import { MessageAtHand } from './message-at-hand.mjs';

/**
 * What a hit costs in got, beside a hook that answers with a message of the same bytes and header fields.
 *
 * @param {{ origin: string, folder: string, kilobytes: number }} setting
 * @returns {Promise<import('../compare.mjs').Contender[]>}
 */
export async function gotHits({ origin, folder, kilobytes }) {
  const url = `${origin}/json/${kilobytes}`;
  const bytes = Buffer.from(jsonBody(kilobytes));
  const plain = got.extend({ responseType: 'json', retry: { limit: 0 } });
  const { headers, rawHeaders } = await plain(url);
  // Got's type wants all that Node's own messages have.
  const answer = /** @type {() => any} */ (() => new MessageAtHand(bytes, { headers, rawHeaders }));
  const floor = plain.extend({ hooks: { beforeRequest: [answer] } });
  const memory = plain.extend(gotCache({ cache: memoryCache() }));
  const disk = plain.extend(gotCache({ cache: diskCache(folder) }));
  for (const client of [memory, disk]) await mustHit(client, url);

  return [
    { id: 'floor', name: 'floor: a hook that has the message', run: () => floor(url) },
    { id: 'memory', name: 'hit, memory', run: () => memory(url), goal: 1.25 },
    { id: 'disk', name: 'hit, disk', run: () => disk(url), goal: 1.5 },
    { id: 'no-cache', name: 'no cache, origin on loopback', run: () => plain(url) },
  ];
}

/**
 * @param {import('got').Got} client
 * @param {string} url
 */
async function mustHit(client, url) {
  await client(url);
  const info = cacheInfo(await client(url));
  if (info?.outcome !== 'hit') throw new Error(`got got a ${info?.outcome} for ${url}`);
}
