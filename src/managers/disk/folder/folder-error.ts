import { HttpCacheError } from '../../../errors.ts';

/** A folder cannot be used; `why` names the reason and the remedy. */
export function folderError(path: string, why: string, cause?: unknown): HttpCacheError {
  return new HttpCacheError(
    'ERR_HTTP_CACHE_MANAGER',
    `StreamingManager cannot keep responses in ${JSON.stringify(path)} because ${why}`,
    { cause },
  );
}

/** Something else lies where a folder of the store should, which is never followed. */
export function notAFolder(path: string): HttpCacheError {
  return folderError(path, 'it is not a folder: remove what lies there');
}
