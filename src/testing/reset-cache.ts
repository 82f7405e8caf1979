import { inspect } from 'node:util';
import { engineSymbol } from '../engine/engine-symbol.ts';
import type { HttpCache } from '../http-cache.ts';

/**
 * Makes a cache as it was when it was new, so that one test leaves nothing to the next: what is stored is gone, what is on
 * its way into the store is kept out, the counters are at zero, and what was learnt of origins is forgotten. Installations and
 * the clock stay. Caches with the same manager lose what is stored, too.
 *
 * A request that is still under way goes on for its caller, and is counted when it ends.
 *
 * @throws TypeError for what is not an HttpCache.
 * @throws HttpCacheError with `ERR_HTTP_CACHE_MANAGER` when the manager has no method `clear`, or fails.
 *
 * @example
 * ```ts
 * import { afterEach } from 'node:test';
 * import { HttpCache } from 'http-larder';
 * import { resetCache } from 'http-larder/testing';
 *
 * const cache = new HttpCache();
 * afterEach(() => resetCache(cache));
 * ```
 */
export async function resetCache(cache: HttpCache): Promise<void> {
  if (Object(cache) !== cache || !(engineSymbol in cache)) {
    throw new TypeError(
      `resetCache was given ${inspect(cache, { depth: -1 })}: give an HttpCache, such as the cache that installCache gave`,
    );
  }
  await cache.clear();
  cache[engineSymbol].reset();
}
