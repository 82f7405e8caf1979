import { HttpCacheError } from '../errors.ts';

/** The error for a body that is larger than a manager keeps. */
export function entryTooLarge(cacheKey: string, limit: number): HttpCacheError {
  return new HttpCacheError(
    'ERR_HTTP_CACHE_ENTRY_TOO_LARGE',
    `The response for ${JSON.stringify(cacheKey)} is larger than ${limit} bytes, so it is not stored: raise the limit to keep it`,
  );
}
