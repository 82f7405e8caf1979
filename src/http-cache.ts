import { isError } from './core/is-error.ts';
import type { CacheEntrySummary, ManagerStats } from './managers/manager.ts';
import { MemoryManager } from './managers/memory/memory-manager.ts';
import { HttpCacheError, isHttpCacheError } from './errors.ts';
import { CacheEngine } from './engine/cache-engine.ts';
import type { CacheCounters } from './engine/counters.ts';
import { engineSymbol } from './engine/engine-symbol.ts';
import type { Engine } from './engine/exchange.ts';
import { invalidateTarget } from './engine/invalidate-target.ts';
import { resolveTarget, type InvalidationTarget, type ResolvedTarget } from './engine/invalidation-target.ts';
import type { Explanation } from './engine/explanation.ts';
import { resolveOptions, type HttpCacheOptions } from './engine/options.ts';
import { bodyOf, headOf, type NamedRequestWithBody, type RequestName } from './engine/request-name.ts';
import { validateRequestOptions, type RequestOptions } from './engine/request-options.ts';

/** What a cache has done, and what its manager holds. */
export interface CacheStats extends CacheCounters {
  /** What the manager holds; `undefined` when it does not count, or was closed. */
  readonly manager: ManagerStats | undefined;
}

/**
 * An HTTP cache (RFC 9111) that any number of clients share: a response that one of them stored is a hit for the others.
 *
 * @example
 * ```ts
 * import { HttpCache } from 'http-larder';
 * import { StreamingManager } from 'http-larder/disk';
 *
 * const cache = new HttpCache({ manager: new StreamingManager({ path: '.cache/http' }) });
 * ```
 */
export class HttpCache {
  /** @internal */
  readonly [engineSymbol]: Engine;
  readonly #engine: CacheEngine;

  /**
   * @param options - See {@link HttpCacheOptions}; with none, a private cache in memory.
   * @throws TypeError or RangeError naming the option, the value and the remedy.
   */
  constructor(options: HttpCacheOptions = {}) {
    // It has no property that would be unknown: all that it was made with would be forgotten without a word.
    if (Object(options) === options && engineSymbol in options) {
      throw new TypeError(
        'The options of HttpCache are an HttpCache: give its options, or { cache } to use it',
      );
    }
    if (['get', 'put', 'delete'].every((name) => name in Object(options))) {
      throw new TypeError('The options of HttpCache are a cache manager: give { manager }');
    }
    this.#engine = new CacheEngine(resolveOptions(options, () => new MemoryManager()));
    this[engineSymbol] = this.#engine;
  }

  /**
   * Forgets what is stored for a request's target URI: all variants, and what is on its way into the store.
   *
   * @throws TypeError for what is not an absolute http or https URL.
   */
  async delete(request: RequestName): Promise<void> {
    await this.#invalidate([{ kind: 'request', request: headOf(request) }], false);
  }

  /**
   * Invalidates what is stored: for target URIs, as {@link HttpCache.delete} does, with a tag, in a group, or below a URL.
   * What was asked for before this is called is not stored any more when it comes.
   *
   * @throws TypeError for what names nothing of that.
   * @throws HttpCacheError with `ERR_HTTP_CACHE_MANAGER` when not all below a URL could be invalidated.
   *
   * @example
   * ```ts
   * import { HttpCache } from 'http-larder';
   *
   * const cache = new HttpCache({ tags: (request) => (request.url.includes('/users/') ? ['users'] : []) });
   * await cache.invalidate('https://api.example.com/users/1', { tag: 'users' });
   * await cache.invalidate({ prefix: 'https://api.example.com/v1' }, { origin: 'https://cdn.example.com' });
   * ```
   */
  async invalidate(...targets: readonly InvalidationTarget[]): Promise<void> {
    await this.#invalidate(targets.map(resolveTarget), false);
  }

  /**
   * As {@link HttpCache.invalidate}, but what is stored stays, and counts as stale from now on whatever its freshness lifetime:
   * it is validated before it is reused, but where stale responses may be, as in the mode `force-cache` or by
   * `stale-while-revalidate`.
   */
  async markStale(...targets: readonly InvalidationTarget[]): Promise<void> {
    await this.#invalidate(targets.map(resolveTarget), true);
  }

  /**
   * Forgets everything.
   *
   * @throws HttpCacheError with `ERR_HTTP_CACHE_MANAGER` when the manager cannot, or fails.
   */
  async clear(): Promise<void> {
    const { manager } = this.#engine.context.options;
    if (manager.clear === undefined) throw cannot('clear');
    const { flights, writes } = this.#engine.context;
    flights.invalidateWhere(() => true);
    // What is past its last check is let in first, or it would come in behind the clearing.
    await writes.settled();
    try {
      await manager.clear();
    } catch (cause) {
      throw new HttpCacheError(
        'ERR_HTTP_CACHE_MANAGER',
        `The cache manager's clear failed: ${textOf(cause)}`,
        { cause },
      );
    }
  }

  /**
   * Says what the cache would do with a request now, and why. Nothing is asked of the origin, counted, told or changed; the
   * options `mode` and `cacheKey` are called where they are functions.
   *
   * A client adds fields of its own to what it is given, such as `Accept-Encoding`: where responses vary by one of them,
   * give it too.
   *
   * @param request - A URL for a GET of it, or the head of a request, and its body where it is looked up by that.
   * @param options - What the request itself would ask of the cache; `false` for nothing at all.
   * @throws TypeError for what is not an absolute http or https URL, or for options that are none.
   *
   * @example
   * ```ts
   * import { HttpCache } from 'http-larder';
   *
   * const cache = new HttpCache();
   * const { action, text } = await cache.explain('https://example.com/');
   * // forward The origin is asked: nothing is stored for the target URI (RFC 9111 §4).
   * console.log(action, text);
   * ```
   */
  async explain(
    request: RequestName | NamedRequestWithBody,
    options?: RequestOptions | false,
  ): Promise<Explanation> {
    const head = headOf(request);
    const asked = {
      ...head,
      body: bodyOf(request),
      options: validateRequestOptions(options),
      hasBody: false,
    };
    return await this.#engine.explain(asked);
  }

  /**
   * Lists what is stored, while requests go on. Indexes of variants are left out.
   *
   * @throws HttpCacheError with `ERR_HTTP_CACHE_MANAGER` when the manager cannot.
   */
  async *entries(): AsyncIterable<CacheEntrySummary> {
    const { manager } = this.#engine.context.options;
    if (manager.entries === undefined) throw cannot('entries');
    for await (const entry of manager.entries()) {
      if (entry.policy.kind === 'response') yield entry;
    }
  }

  /** Counts since the cache was made, and what its manager holds. */
  async stats(): Promise<CacheStats> {
    const { counters, options } = this.#engine.context;
    try {
      return { ...counters.snapshot(), manager: await options.manager.stats?.() };
    } catch (error) {
      // The cache's own counters are there to the end.
      if (!isHttpCacheError(error) || error.code !== 'ERR_HTTP_CACHE_CLOSED') throw error;
      return { ...counters.snapshot(), manager: undefined };
    }
  }

  /**
   * Fulfils when no response is on its way into the store any more, but for those whose bodies are still being read: also
   * what is validated or received behind its callers' backs is done then.
   */
  async idle(): Promise<void> {
    await this.#engine.context.flights.quiet();
    await this.#settle();
  }

  /**
   * Waits for what is on its way into the store, but not for the origin, then lets go of what the manager holds. What the
   * origin sends later is not stored.
   */
  async close(): Promise<void> {
    await this.#settle();
    await this.#engine.context.options.manager.close?.();
  }

  /** As {@link HttpCache.close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #invalidate(targets: readonly ResolvedTarget[], isStale: boolean): Promise<void> {
    await Promise.all(targets.map((target) => invalidateTarget(this.#engine.context, target, isStale)));
  }

  async #settle(): Promise<void> {
    const { flights, writes } = this.#engine.context;
    await flights.idle();
    await writes.idle();
  }
}

function textOf(error: unknown): string {
  return isError(error) ? error.message : String(error);
}

function cannot(method: string): HttpCacheError {
  return new HttpCacheError(
    'ERR_HTTP_CACHE_MANAGER',
    `The cache manager has no method ${method}(): use a manager that has one`,
  );
}
