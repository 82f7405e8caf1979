import { closeSync, constants, fsyncSync, openSync, writeSync } from 'node:fs';
import { HttpCacheError } from '../../../errors.ts';

const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

/**
 * Makes a small file that only this user may read, with these bytes. Node's `writeFileSync` would not come back from a disk
 * that takes nothing and tells no error.
 *
 * @throws HttpCacheError with `ERR_HTTP_CACHE_MANAGER`, caused by an `EIO`, when the disk takes nothing of it, and what the
 * system says when the file is there or cannot be written.
 */
export function writeNewSync(path: string, bytes: Uint8Array, { flush }: { readonly flush: boolean }): void {
  const descriptor = openSync(path, FLAGS, 0o600);
  try {
    let written = 0;
    while (written < bytes.length) {
      const count = writeSync(descriptor, bytes, written, bytes.length - written, written);
      if (count === 0) throw takesNothing(path, written, bytes.length);
      written += count;
    }
    if (flush) fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function takesNothing(path: string, written: number, length: number): HttpCacheError {
  return new HttpCacheError(
    'ERR_HTTP_CACHE_MANAGER',
    `The disk took ${written} of ${length} bytes of ${JSON.stringify(path)} and no more, without an error: look at the file system`,
    { cause: Object.assign(new Error('Nothing was written'), { code: 'EIO' }) },
  );
}
