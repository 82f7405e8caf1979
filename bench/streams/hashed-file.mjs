// @ts-check
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

/** As in the format of the disk store. */
const blockSize = 256 * 1024;

/** How far the file may lag behind, in bytes: as far as our store may. */
const maxLag = 8 * 1024 * 1024;

/**
 * The least that a store on disk has to do with a body: the SHA-256 of each block, and a file. No chunk is copied.
 *
 * @param {string} path
 */
export async function hashedFile(path) {
  const file = await open(path, 'w');
  let hash = createHash('sha256');
  /** @type {Uint8Array[]} */
  let gathered = [];
  let filled = 0;
  let lag = 0;
  let written = Promise.resolve();

  const endBlock = () => {
    const chunks = gathered;
    const length = filled;
    hash.digest();
    hash = createHash('sha256');
    gathered = [];
    filled = 0;
    written = written.then(async () => {
      const { bytesWritten } = await file.writev(chunks);
      if (bytesWritten !== length) throw new Error(`The disk took ${bytesWritten} of ${length} bytes`);
      lag -= length;
    });
    // Whoever waits for it is told.
    written.catch(() => {});
  };

  return {
    /**
     * Takes a chunk; a promise when the disk is to catch up first.
     *
     * @param {Uint8Array} chunk
     */
    write(chunk) {
      lag += chunk.length;
      for (let start = 0; start < chunk.length;) {
        const part = chunk.subarray(start, start + blockSize - filled);
        hash.update(part);
        gathered.push(part);
        filled += part.length;
        start += part.length;
        if (filled === blockSize) endBlock();
      }
      return lag > maxLag ? written : undefined;
    },
    /** Resolves when all of it is in the file. */
    async close() {
      if (filled > 0) endBlock();
      await written;
      await file.close();
    },
  };
}
