/**
 * How the cache treats a request. The names are those of the Fetch standard where it has them. GET and HEAD only: other
 * methods go to the origin, and a 206 never answers for the whole.
 *
 * - `default`: reuses and stores what RFC 9111 allows; validates what is stale.
 * - `no-store`: neither looks up nor stores, and leaves what is there.
 * - `reload`: asks the origin with `Cache-Control: no-cache`, and stores.
 * - `no-cache`: always validates with the origin what is stored, and stores.
 * - `force-cache`: reuses what is stored at any age; asks the origin only when nothing is.
 * - `only-if-cached`: reuses what is stored at any age; never asks the origin, but answers 504.
 * - `ignore-rules`: reuses at any age up to `maxTtl`, and stores every 200 whatever its header fields say, and errors for as
 *   long as `errorTtl` says.
 */
export type CacheMode =
  'default' | 'no-store' | 'reload' | 'no-cache' | 'force-cache' | 'only-if-cached' | 'ignore-rules';

/** Every {@link CacheMode}, for checking input. */
export const cacheModes: readonly CacheMode[] = [
  'default',
  'no-store',
  'reload',
  'no-cache',
  'force-cache',
  'only-if-cached',
  'ignore-rules',
];
