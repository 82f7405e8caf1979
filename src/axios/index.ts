/**
 * The cache for axios.
 *
 * @module
 */
import axiosOfThisPackage, { type AxiosInstance, type AxiosStatic } from 'axios';
import type { CacheInfo } from '../engine/cache-info.ts';
import { checkObject, show } from '../engine/check-option.ts';
import type { HttpCacheOptions } from '../engine/options.ts';
import type { RequestOptions } from '../engine/request-options.ts';
import { HttpCache } from '../http-cache.ts';
import { cacheFrom, engineOf } from '../node-http/cache-option.ts';
import { cachingInterceptor } from './caching-interceptor.ts';
import { newInstallation } from './installation.ts';

export type { CacheInfo, HttpCacheOptions, RequestOptions };
export { HttpCache };

declare module 'axios' {
  interface AxiosRequestConfig {
    /** What the cache is to do with this request; `false` for nothing. Merged over the instance's defaults. */
    httpCache?: RequestOptions | false;
  }
  interface AxiosResponse {
    /** What the cache did; absent without one. */
    httpCache?: CacheInfo;
  }
}

/** A cache that other clients may use too, and what an installation needs beside it. */
export interface SharedCacheOptions {
  /** The cache. */
  readonly cache: HttpCache;
  /** The copy of axios that the instance is of. Default: the one that this package finds. */
  readonly axios?: AxiosStatic;
}

/** The options of a cache of the instance's own, and what an installation needs beside them. */
export interface OwnCacheOptions extends HttpCacheOptions {
  /** The copy of axios that the instance is of. Default: the one that this package finds. */
  readonly axios?: AxiosStatic;
}

/** A cache in an axios instance. */
export interface InstalledCache {
  /** The cache. */
  readonly cache: HttpCache;
  /** Takes the cache out of the instance, which is then as it was. What is stored stays stored. */
  uninstall(): void;
}

/** Which instances have a cache, also where another copy of this package installed it. */
const installedKey: unique symbol = Symbol.for('http-larder.axios');

/**
 * Puts a cache into an axios instance, by an interceptor. Instances that are made from it later have none.
 *
 * Installing the same cache again does nothing and gives the same handle.
 *
 * @param instance - `axios` itself, or what `axios.create()` gave.
 * @param options - A cache, as `{ cache }`, or the options of one. Default: a cache in memory.
 * @throws TypeError when the instance has another cache already, or the options are wrong.
 *
 * @example
 * ```ts
 * import axios from 'axios';
 * import { installCache } from 'http-larder/axios';
 *
 * const api = axios.create({ baseURL: 'http://127.0.0.1:8080' });
 * const { cache } = installCache(api);
 * const first = await api.get('/');
 * const second = await api.get('/');
 * console.log(first.httpCache?.outcome, second.httpCache?.outcome, await cache.stats());
 * ```
 */
export function installCache(
  instance: AxiosInstance,
  options: SharedCacheOptions | OwnCacheOptions = {},
): InstalledCache {
  checkObject(options, 'installCache');
  const { axios = axiosOfThisPackage, ...others } = options;
  // A copy would no more be seen to be what is no options, such as a manager.
  const rest = 'axios' in options ? others : options;
  const interceptors = checkInstance(instance).interceptors.request;
  const installed: InstalledCache | undefined = Reflect.get(interceptors, installedKey);
  if (installed !== undefined) {
    if ('cache' in rest && rest.cache === installed.cache) return installed;
    throw new TypeError('This axios instance has another cache: uninstall that one first');
  }
  const cache = cacheFrom(rest, {
    name: 'installCache',
    create: (own: HttpCacheOptions) => new HttpCache(own),
  });
  const installation = newInstallation(engineOf(cache), axios);
  // One asynchronous interceptor would make those of the user asynchronous too.
  const id = interceptors.use(cachingInterceptor(installation), undefined, { synchronous: true });
  const handle: InstalledCache = {
    cache,
    uninstall() {
      if (Reflect.get(interceptors, installedKey) !== handle) return;
      interceptors.eject(id);
      Reflect.deleteProperty(interceptors, installedKey);
    },
  };
  Object.defineProperty(interceptors, installedKey, { value: handle, configurable: true });
  return handle;
}

function checkInstance(instance: unknown): AxiosInstance {
  if (isInstance(instance)) return instance;
  throw new TypeError(`Cannot install a cache in ${show(instance)}: give axios or what axios.create() gave`);
}

function isInstance(value: unknown): value is AxiosInstance {
  if (typeof value !== 'function') return false;
  const interceptors: unknown = Reflect.get(value, 'interceptors');
  return typeof interceptors === 'object' && interceptors !== null && 'request' in interceptors;
}
