import { close, read } from 'node:fs';
import { Readable } from 'node:stream';
import { isError } from '../../../core/is-error.ts';
import type { BodySlice } from '../../byte-range.ts';
import { isUnreadable } from '../files/file-access.ts';
import { BLOCK_SIZE, isBlock } from '../format/block-table.ts';

/** What a body is read from. */
export interface BodySource {
  /** The open file, which the stream closes. */
  readonly descriptor: number;
  /** Length of the whole body in bytes. */
  readonly size: number;
  /** The digests of its blocks. */
  readonly table: Buffer;
  /** The part to give. */
  readonly slice: BodySlice;
  /** Called when the file is not what was stored; its promise gives the error to end with. */
  readonly onCorrupt: () => Promise<Error>;
}

/**
 * Reads a body as it is consumed, block by block and with one read ahead, so that hashing one and reading the next overlap.
 * No byte of a block is given before all of it was read and its SHA-256 matched; of a part, the whole blocks are read.
 */
export class BodyStream extends Readable {
  readonly #source: BodySource;
  /** The next block to be read. */
  #index: number;
  /** Where giving goes on. */
  #position: number;
  #ahead: Buffer | undefined;
  #reading = false;
  #wanted = false;
  #whenRead: (() => void) | undefined;

  constructor(source: BodySource) {
    super({ highWaterMark: BLOCK_SIZE });
    this.#source = source;
    this.#position = source.slice.from;
    this.#index = Math.floor(source.slice.from / BLOCK_SIZE);
  }

  override _read(): void {
    this.#wanted = true;
    if (this.#ahead === undefined) this.#readAhead();
    else this.#give(this.#ahead);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#ahead = undefined;
    const closeFile = (): void => close(this.#source.descriptor, () => callback(error));
    // A descriptor must not be closed, and so perhaps given to another file, while it is read from.
    if (this.#reading) this.#whenRead = closeFile;
    else closeFile();
  }

  #readAhead(): void {
    const { size, slice } = this.#source;
    const start = this.#index * BLOCK_SIZE;
    if (this.#reading || start >= slice.to) return;
    this.#reading = true;
    this.#fill(Buffer.allocUnsafeSlow(Math.min(BLOCK_SIZE, size - start)), 0);
  }

  #fill(block: Buffer, filled: number): void {
    const position = this.#index * BLOCK_SIZE + filled;
    read(this.#source.descriptor, block, filled, block.length - filled, position, (error, count) => {
      const isShort = error === null && count > 0 && filled + count < block.length;
      if (isShort && this.#whenRead === undefined) {
        this.#fill(block, filled + count);
        return;
      }
      this.#reading = false;
      if (this.#whenRead !== undefined) this.#whenRead();
      // A count of 0 comes with every error, too, and only without one says that the file ends here.
      else if (error !== null && !isUnreadable(error)) this.destroy(error);
      else if (error !== null || count === 0) this.#fail();
      else this.#arrived(block);
    });
  }

  #arrived(block: Buffer): void {
    this.#index++;
    this.#ahead = block;
    if (this.#wanted) this.#give(block);
  }

  #give(block: Buffer): void {
    this.#ahead = undefined;
    this.#wanted = false;
    const index = this.#index - 1;
    this.#readAhead();
    if (!isBlock(this.#source.table, index, block)) {
      this.#fail();
      return;
    }
    const { to } = this.#source.slice;
    const start = index * BLOCK_SIZE;
    const part = block.subarray(this.#position - start, to - start);
    this.#position += part.length;
    this.push(part);
    if (this.#position === to) this.push(null);
  }

  #fail(): void {
    this.#source.onCorrupt().then(
      (error) => this.destroy(error),
      (error: unknown) => this.destroy(isError(error) ? error : new Error(String(error))),
    );
  }
}
