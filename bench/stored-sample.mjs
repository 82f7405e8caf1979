// @ts-check
import { join } from 'node:path';
import got from 'got';
import { gotCache } from 'http-larder/got';
import { diskCache } from './caches.mjs';

/**
 * The head and policy that the cache makes for a response of the origin.
 *
 * @param {{ origin: string, folder: string }} setting
 * @returns {Promise<Pick<import('http-larder').CacheEntrySummary, 'head' | 'policy'>>}
 */
export async function storedSample({ origin, folder }) {
  const cache = diskCache(join(folder, 'sample'));
  try {
    await got.extend(gotCache({ cache }))(`${origin}/json/1`);
    await cache.idle();
    for await (const { head, policy } of cache.entries()) return { head, policy };
    throw new Error('The cache did not keep what the origin sent');
  } finally {
    await cache.close();
  }
}
