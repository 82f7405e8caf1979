/**
 * The cache for got.
 *
 * @module
 */
import type { BeforeRequestHook, InitHook } from 'got';
import type { CacheInfo } from '../engine/cache-info.ts';
import { type HttpCacheOptions } from '../engine/options.ts';
import { type RequestOptions, validateRequestOptions } from '../engine/request-options.ts';
import { HttpCache } from '../http-cache.ts';
import { cacheFrom, engineOf } from '../node-http/cache-option.ts';
import { beforeRequestHook, moveIntoContext } from './hooks.ts';

export type { CacheInfo, HttpCacheOptions, RequestOptions };
export { HttpCache };

/** A cache that other clients may use too. */
export interface SharedCacheOptions {
  /** The cache. */
  readonly cache: HttpCache;
}

/** Options for `got.extend` that put a cache into the instance it makes. */
export interface GotCache {
  /** The hooks by which the cache gets into the instance. */
  readonly hooks: {
    /** Moves the option `httpCache` to where got allows what it does not know. */
    readonly init: InitHook[];
    /** Puts the cache before the request function. */
    readonly beforeRequest: BeforeRequestHook[];
  };
  /**
   * The cache. Not enumerable, so that got does not take it for its own option of that name, whose type it must also
   * have for `got.extend` to take these options.
   */
  readonly cache: HttpCache & true;
}

/** Options for one request, or for `got.extend`. */
export interface PerRequestOptions {
  /** Where got keeps what is not for itself. */
  context: {
    /** What the cache is to do with the request; `false` for nothing. */
    httpCache: RequestOptions | false;
  };
}

/**
 * Makes the options with which `got.extend` puts a cache into a new instance, by hooks. Extending with the same cache
 * twice does nothing more; with another one, requests fail.
 *
 * @param options - A cache, as `{ cache }`, or the options of one. Default: a cache in memory.
 * @throws TypeError or RangeError when the options are wrong.
 *
 * @example
 * ```ts
 * import got from 'got';
 * import { gotCache } from 'http-larder/got';
 *
 * const client = got.extend(gotCache());
 * const first = await client('http://127.0.0.1:8080/');
 * const second = await client('http://127.0.0.1:8080/');
 * console.log(first.isFromCache, second.isFromCache);
 * ```
 */
export function gotCache(options: SharedCacheOptions | HttpCacheOptions = {}): GotCache {
  const cache = cacheFrom(options, {
    name: 'gotCache',
    create: (own: HttpCacheOptions) => new HttpCache(own),
  });
  const extension: Pick<GotCache, 'hooks'> = {
    hooks: { init: [moveIntoContext], beforeRequest: [beforeRequestHook(engineOf(cache))] },
  };
  return Object.defineProperty(extension, 'cache', { value: cache }) as GotCache;
}

/**
 * Says what the cache is to do with one request.
 *
 * @param perRequest - For example `{ mode: 'reload' }`; `false` for nothing at all.
 * @throws TypeError for unknown fields and modes.
 *
 * @example
 * ```ts
 * import got from 'got';
 * import { gotCache, withCache } from 'http-larder/got';
 *
 * const client = got.extend(gotCache());
 * await client('http://127.0.0.1:8080/', withCache({ mode: 'reload' }));
 * ```
 */
export function withCache(perRequest: RequestOptions | false): PerRequestOptions {
  return { context: { httpCache: validateRequestOptions(perRequest) ?? {} } };
}
