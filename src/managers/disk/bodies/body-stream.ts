import { createHash, type Hash } from 'node:crypto';
import { close, read } from 'node:fs';
import { Readable } from 'node:stream';
import type { BodySlice } from '../../byte-range.ts';

/** Below this the calls cost more than the bytes. */
const CHUNK_SIZE = 256 * 1024;

/** What a body is read from. */
export interface BodySource {
  /** The open file, which the stream closes. */
  readonly descriptor: number;
  /** The part to read. */
  readonly slice: BodySlice;
  /** SHA-256 that the part must have; `undefined` for a part of a body, which nothing tells about. */
  readonly digest: string | undefined;
  /** Called when the file is not what was stored; its promise gives the error to end with. */
  readonly onCorrupt: () => Promise<Error>;
}

/**
 * Reads a body as it is consumed, with one chunk read ahead, so that hashing one chunk and reading the next overlap.
 * The last chunk is given only once the SHA-256 of all of them matched.
 */
export class BodyStream extends Readable {
  readonly #source: BodySource;
  readonly #hash: Hash | undefined;
  #position: number;
  #ahead: Buffer | undefined;
  #reading = false;
  #wanted = false;
  #whenRead: (() => void) | undefined;

  constructor(source: BodySource) {
    super({ highWaterMark: CHUNK_SIZE });
    this.#source = source;
    this.#position = source.slice.from;
    this.#hash = source.digest === undefined ? undefined : createHash('sha256');
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
    const { descriptor, slice } = this.#source;
    const length = Math.min(CHUNK_SIZE, slice.to - this.#position);
    if (this.#reading || length === 0) return;
    this.#reading = true;
    read(descriptor, Buffer.allocUnsafeSlow(length), 0, length, this.#position, (error, count, bytes) => {
      this.#reading = false;
      if (this.#whenRead !== undefined) this.#whenRead();
      else if (error !== null) this.destroy(error);
      else if (count === 0) this.#fail();
      else this.#arrived(bytes.subarray(0, count));
    });
  }

  #arrived(chunk: Buffer): void {
    this.#position += chunk.length;
    this.#ahead = chunk;
    if (this.#wanted) this.#give(chunk);
  }

  #give(chunk: Buffer): void {
    this.#ahead = undefined;
    this.#wanted = false;
    const last = this.#position === this.#source.slice.to;
    if (!last) this.#readAhead();
    this.#hash?.update(chunk);
    if (last && this.#hash !== undefined && this.#hash.digest('hex') !== this.#source.digest) {
      this.#fail();
      return;
    }
    this.push(chunk);
    if (last) this.push(null);
  }

  #fail(): void {
    this.#source.onCorrupt().then(
      (error) => this.destroy(error),
      (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
    );
  }
}
