import { constants } from 'node:fs';
import { dirname } from 'node:path';
import fs from 'fs-extra';
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

/** Writes a whole buffer to a position of a file. */
export async function writeWhole(descriptor: number, bytes: Buffer, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await fs.write(
      descriptor,
      bytes,
      written,
      bytes.length - written,
      position + written,
    );
    written += bytesWritten;
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
