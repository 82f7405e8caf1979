import { HttpCacheError } from '../errors.ts';

/** The error for what cannot be done with a writer after its end, with what to do instead. */
export function endedWriter(cacheKey: string, attempt: string, remedy: string): HttpCacheError {
  return new HttpCacheError(
    'ERR_HTTP_CACHE_MANAGER',
    `The writer for ${JSON.stringify(cacheKey)} has ended and cannot be ${attempt}: ${remedy}`,
  );
}
