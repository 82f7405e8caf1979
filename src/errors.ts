/**
 * Why the cache refused or gave up on something. A closed list:
 *
 * - `ERR_HTTP_CACHE_ENTRY_TOO_LARGE`: a body is larger than the manager keeps; the response is served, not stored.
 * - `ERR_HTTP_CACHE_CORRUPT_ENTRY`: something in the store does not decode or does not match its digest; it counts as absent.
 * - `ERR_HTTP_CACHE_MANAGER`: a cache manager threw, rejected or answered with something it must not answer with.
 * - `ERR_HTTP_CACHE_MANAGER_TIMEOUT`: a cache manager did not answer within `managerTimeout`.
 * - `ERR_HTTP_CACHE_STORE_TOO_SLOW`: a store lagged behind a body for too long and was dropped.
 * - `ERR_HTTP_CACHE_INCOMPLETE_BODY`: the origin's body ended early, or is not as long as it said; a writer is aborted with it.
 * - `ERR_HTTP_CACHE_CALLBACK`: a function given as an option threw or answered with something unusable.
 * - `ERR_HTTP_CACHE_INTERNAL`: the cache itself failed, which is a bug; the request went on without it.
 * - `ERR_HTTP_CACHE_CLOSED`: the cache manager was closed.
 * - `ERR_HTTP_CACHE_NO_FIXTURE`: a test asked for what was not recorded; the request fails with it.
 */
export type HttpCacheErrorCode =
  | 'ERR_HTTP_CACHE_ENTRY_TOO_LARGE'
  | 'ERR_HTTP_CACHE_CORRUPT_ENTRY'
  | 'ERR_HTTP_CACHE_MANAGER'
  | 'ERR_HTTP_CACHE_MANAGER_TIMEOUT'
  | 'ERR_HTTP_CACHE_STORE_TOO_SLOW'
  | 'ERR_HTTP_CACHE_INCOMPLETE_BODY'
  | 'ERR_HTTP_CACHE_CALLBACK'
  | 'ERR_HTTP_CACHE_INTERNAL'
  | 'ERR_HTTP_CACHE_CLOSED'
  | 'ERR_HTTP_CACHE_NO_FIXTURE';

/**
 * A fault of the cache. It is what `error` events carry, and what methods such as `cache.clear()` reject with. Requests do
 * not fail with it, but for two cases: a stored body that turns out to be corrupt when part of it was handed out already, and
 * a test that replays.
 * Wrong options are a `TypeError` or `RangeError` instead.
 */
export class HttpCacheError extends Error {
  /** Always this, also for an error of another copy of the package. */
  override readonly name = 'HttpCacheError';
  /** Which fault it is. */
  readonly code: HttpCacheErrorCode;

  constructor(code: HttpCacheErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Whether a value is an {@link HttpCacheError}, also one of another copy of this package. */
export function isHttpCacheError(value: unknown): value is HttpCacheError {
  return (
    Object.prototype.toString.call(value) === '[object Error]' && (value as Error).name === 'HttpCacheError'
  );
}
