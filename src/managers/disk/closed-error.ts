import { HttpCacheError } from '../../errors.ts';

/** What the methods of a disk manager that was closed throw. */
export function closedError(): HttpCacheError {
  return new HttpCacheError(
    'ERR_HTTP_CACHE_CLOSED',
    'The StreamingManager was closed: make another one to go on',
  );
}
