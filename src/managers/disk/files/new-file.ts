import { constants } from 'node:fs';
import { dirname } from 'node:path';
import fs from 'fs-extra';
import { HttpCacheError } from '../../../errors.ts';
import { errorCode } from './file-access.ts';
import type { ReadMode } from './read-mode.ts';

// For reading too: who follows a body reads it through the descriptor that it is written through.
const FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

/** Creates a file that only this user may read, and its folder where that is missing. */
export async function createFile(path: string): Promise<number> {
  return await inFolder(path, async () => await fs.open(path, FLAGS, 0o600));
}

/** Creates a file with these bytes and this time of modification, in seconds. */
export async function writeNewFile(
  mode: ReadMode,
  path: string,
  { bytes, mtime }: { readonly bytes: Buffer; readonly mtime: number },
): Promise<void> {
  const descriptor = await createFile(path);
  try {
    await writeWhole(descriptor, bytes, 0);
    await mode.run((files) => files.touch(descriptor, mtime));
  } finally {
    await mode.run((files) => files.close(descriptor));
  }
}

/** So many writes in a row that take nothing are one that fails. */
const MOST_IN_VAIN = 5;

/**
 * Writes a whole buffer to a position of a file.
 *
 * @throws HttpCacheError with `ERR_HTTP_CACHE_MANAGER` when the disk takes nothing of it, time after time.
 */
export async function writeWhole(descriptor: number, bytes: Buffer, position: number): Promise<void> {
  let written = 0;
  let inVain = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await fs.write(
      descriptor,
      bytes,
      written,
      bytes.length - written,
      position + written,
    );
    written += bytesWritten;
    inVain = bytesWritten === 0 ? inVain + 1 : 0;
    if (inVain >= MOST_IN_VAIN) {
      throw new HttpCacheError(
        'ERR_HTTP_CACHE_MANAGER',
        `The disk took ${written} of ${bytes.length} bytes and no more, without an error: look at the file system`,
      );
    }
  }
}

/**
 * Does something that makes `path`, once more after making its folder when that was missing. What is above that is not made:
 * where it is gone the store was removed or is being cleared, and half of one would come in its place.
 */
export async function inFolder<T>(path: string, make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    await fs.mkdir(dirname(path), { mode: 0o700 }).catch(unlessThere);
    return await make();
  }
}

function unlessThere(error: unknown): void {
  if (errorCode(error) !== 'EEXIST') throw error;
}
