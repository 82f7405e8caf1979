import { HttpCacheError } from '../../../errors.ts';
import { errorCode } from '../files/file-access.ts';

/** Whether an error of the file system says that there is no room for more. */
export function isDiskFull(error: unknown): boolean {
  return errorCode(error) === 'ENOSPC' || errorCode(error) === 'EDQUOT';
}

/** The error for what the disk, or the quota of this user, has no room for. */
export function diskFull(cause: unknown): HttpCacheError {
  const what = errorCode(cause) === 'EDQUOT' ? 'the quota of this user is used up' : 'the disk has no room';
  return new HttpCacheError(
    'ERR_HTTP_CACHE_MANAGER',
    `The response is not stored because ${what} (${errorCode(cause)}): free space or inodes, lower maxSize or maxEntries, or raise minFree`,
    { cause },
  );
}
