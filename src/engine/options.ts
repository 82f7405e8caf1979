import type { CacheMode } from '../core/cache-mode.ts';

/** What a caller may ask of the cache for one request. */
export interface RequestOptions {
  /** How the cache treats this request, in place of what the cache's own `mode` says. */
  readonly mode?: CacheMode;
}
