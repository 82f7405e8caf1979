import { isError } from '../core/is-error.ts';
import { HttpCacheError, isHttpCacheError } from '../errors.ts';

/** What a cache manager threw at an operation, as an error of ours. */
export function asFault(operation: string, error: unknown): HttpCacheError {
  if (isHttpCacheError(error)) return error;
  const text = isError(error) ? error.message : String(error);
  return new HttpCacheError('ERR_HTTP_CACHE_MANAGER', `The cache manager's ${operation} failed: ${text}`, {
    cause: error,
  });
}

/** That a manager did not answer in time. */
export function lateFault(operation: string, ms: number): HttpCacheError {
  return new HttpCacheError(
    'ERR_HTTP_CACHE_MANAGER_TIMEOUT',
    `The cache manager's ${operation} did not answer within ${ms} ms: the request went on without it`,
  );
}
