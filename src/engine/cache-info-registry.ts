import type { CacheInfo } from './cache-info.ts';

/** Shared by all copies of this package in the process, so that any copy's `cacheInfo` reads what any other recorded. */
const registryKey: unique symbol = Symbol.for('http-larder.cache-info');

/** Where objects of our own classes tell what the cache did; of all copies of this package too. */
const infoKey: unique symbol = Symbol.for('http-larder.info');

type Registry = WeakMap<object, CacheInfo>;

function registry(): Registry {
  const found: unknown = Reflect.get(globalThis, registryKey);
  if (found instanceof WeakMap) return found;
  const made: Registry = new WeakMap();
  Object.defineProperty(globalThis, registryKey, { value: made });
  return made;
}

/**
 * Remembers what the cache did for a response. Also to be called with the response's `headers` object and `rawHeaders`
 * array: a client that decodes a body makes a new message which shares them with ours.
 */
export function recordCacheInfo(target: object, info: CacheInfo): void {
  registry().set(target, info);
}

/** Has all objects of a class tell what the cache did, which costs nothing until they are asked. */
export function tellsCacheInfo<T extends object>(prototype: T, read: (object: T) => CacheInfo): void {
  Object.defineProperty(prototype, infoKey, {
    get(this: T) {
      return read(this);
    },
  });
}

/**
 * What the cache did for a response: of axios, of got (also `error.response`, also the `response` event of a stream),
 * or of Node. `undefined` for a response that did not pass through a cache.
 *
 * @example
 * ```ts
 * import got from 'got';
 * import { cacheInfo } from 'http-larder';
 * import { gotCache } from 'http-larder/got';
 *
 * const client = got.extend(gotCache());
 * const response = await client('http://127.0.0.1:8080/');
 * console.log(cacheInfo(response)?.outcome);
 * ```
 */
export function cacheInfo(response: object): CacheInfo | undefined {
  const direct = infoOf(response);
  if (direct !== undefined) return direct;
  for (const name of ['headers', 'rawHeaders', 'request'] as const) {
    const part: unknown = Reflect.get(response, name);
    const info = typeof part === 'object' && part !== null ? infoOf(part) : undefined;
    if (info !== undefined) return info;
  }
  return undefined;
}

function infoOf(part: object): CacheInfo | undefined {
  return registry().get(part) ?? (Reflect.get(part, infoKey) as CacheInfo | undefined);
}
