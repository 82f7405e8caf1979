import { HttpCacheError } from '../errors.ts';

/** The error for a body that has another length than it should. */
export function incompleteBody(cacheKey: string, size: number, announced: number): HttpCacheError {
  return new HttpCacheError(
    'ERR_HTTP_CACHE_INCOMPLETE_BODY',
    `The body for ${JSON.stringify(cacheKey)} has ${size} bytes where ${announced} were announced, so it is not stored`,
  );
}
