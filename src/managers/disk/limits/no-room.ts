import { HttpCacheError } from '../../../errors.ts';

/** The error for what does not fit into the limits, or on the disk, whatever is evicted. */
export function noRoom(bytes: number): HttpCacheError {
  return new HttpCacheError(
    'ERR_HTTP_CACHE_ENTRY_TOO_LARGE',
    `There is no room for ${bytes} bytes, so they are not stored: raise maxSize or maxEntries, lower minFree or free space on the disk`,
  );
}
