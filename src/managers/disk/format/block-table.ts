import { createHash, hash, type Hash } from 'node:crypto';

/*
 * A body with a file of its own is cut into blocks of 256 KiB, the last of which may be shorter. Its table is the SHA-256
 * of each of them, one behind the other, and stands in the entry file. So every block is checked before a byte of it is
 * handed out, wherever reading begins. The SHA-256 of the table tells bodies apart: equal tables, equal bodies.
 *
 * Blocks are hashed by the thread that has them. One of the pool (crypto.subtle) hashes a copy, which takes a sixth more of
 * processor time: on one processor, or on several that are busy, storing is slower by that and reading by a tenth.
 */

/** Length of a block in bytes: below this the calls cost more than the bytes. */
export const BLOCK_SIZE: number = 256 * 1024;

const DIGEST_LENGTH = 32;

/** The largest body that has a table, 16 GiB: with it an entry file of the largest size has room for as much again. */
export const LARGEST_BODY: number = 16 * 1024 ** 3;

/** Length in bytes of the table for a body of `size` bytes. */
export function tableLength(size: number): number {
  return Math.ceil(size / BLOCK_SIZE) * DIGEST_LENGTH;
}

/** The digest of a whole body: the SHA-256 of its table, in hexadecimal digits. */
export function digestOfTable(table: Uint8Array): string {
  return hash('sha256', table, 'hex');
}

/** Whether these bytes are the block at `index`. */
export function isBlock(table: Buffer, index: number, bytes: Uint8Array): boolean {
  const start = index * DIGEST_LENGTH;
  return hash('sha256', bytes, 'buffer').compare(table, start, start + DIGEST_LENGTH) === 0;
}

/** Makes the table of a body that comes piece by piece. */
export class TableMaker {
  readonly #digests: Buffer[] = [];
  #block: Hash | undefined;
  #filled = 0;

  /** Takes the next bytes, any number of them. */
  update(bytes: Uint8Array): void {
    for (let start = 0; start < bytes.byteLength;) {
      const part = bytes.subarray(start, start + BLOCK_SIZE - this.#filled);
      this.#block ??= createHash('sha256');
      this.#block.update(part);
      this.#filled += part.byteLength;
      start += part.byteLength;
      if (this.#filled === BLOCK_SIZE) this.#endBlock(this.#block);
    }
  }

  /** Gives the table of all that it took. Not to be called twice. */
  finish(): Buffer {
    if (this.#block !== undefined) this.#endBlock(this.#block);
    return Buffer.concat(this.#digests);
  }

  #endBlock(block: Hash): void {
    this.#digests.push(block.digest());
    this.#block = undefined;
    this.#filled = 0;
  }
}
