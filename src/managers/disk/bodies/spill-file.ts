import { close, futimes, read } from 'node:fs';
import fs from 'fs-extra';
import { HttpCacheError } from '../../../errors.ts';
import type { GrowingBytes } from '../../followers.ts';
import type { MaybePromise } from '../../manager.ts';
import { absentAsUndefined } from '../files/file-access.ts';
import { createFile, writeWhole } from '../files/new-file.ts';
import { TableMaker } from '../format/block-table.ts';

/** Bytes that are gathered for one write, at first. */
const SMALLEST_BUFFER = 128 * 1024;
/**
 * And at most, where bytes come faster than they are written. The end of a write is heard of once per turn of the event
 * loop, in which up to 2 MiB come. Two such buffers are all that a body of any length takes.
 */
const LARGEST_BUFFER = 1024 * 1024;

/** How often the file is touched, in milliseconds, so that it is seen that its writer is alive. */
const TOUCH_EACH = 60_000;

/**
 * An unpublished file that takes a body. One buffer fills while the other is written and hashed. It can be read all the
 * while, by any number of readers through its one descriptor, which the last of them and the writer closes.
 */
export class SpillFile implements GrowingBytes {
  readonly path: string;
  readonly #descriptor: number;
  readonly #grew: () => void;
  readonly #table = new TableMaker();
  #filling: Buffer = Buffer.allocUnsafeSlow(SMALLEST_BUFFER);
  /** The other buffer: from the first write on it holds the bytes from `#onDisk` to `#handedOver`. */
  #spare: Buffer | undefined;
  #filled = 0;
  #handedOver = 0;
  #onDisk = 0;
  #writing: Promise<void> | undefined;
  #isWriting = false;
  #reserved = 0;
  readonly #touching: NodeJS.Timeout;
  #holders = 1;
  #closed = false;
  #discarded = false;

  private constructor(path: string, descriptor: number, grew: () => void) {
    this.path = path;
    this.#descriptor = descriptor;
    this.#grew = grew;
    this.#touching = setInterval(() => this.#touch(), TOUCH_EACH).unref();
  }

  /** Creates the file. `grew` is called as bytes are taken. */
  static async create(path: string, grew: () => void): Promise<SpillFile> {
    return new SpillFile(path, await createFile(path), grew);
  }

  get length(): number {
    return this.#handedOver + this.#filled;
  }

  copy(from: number, to: number, give: (error: Error | null, chunk: Buffer) => void): void {
    if (from >= this.#handedOver) {
      give(null, part(this.#filling, from - this.#handedOver, to - this.#handedOver));
    } else if (from >= this.#onDisk && this.#spare !== undefined) {
      const end = Math.min(to, this.#handedOver);
      give(null, part(this.#spare, from - this.#onDisk, end - this.#onDisk));
    } else {
      this.#read(from, Math.min(to, this.#onDisk), give);
    }
  }

  /** Makes the file that long at least; what is not written takes no room on the disk. */
  async reserve(size: number): Promise<void> {
    if (size <= this.#reserved) return;
    await fs.ftruncate(this.#descriptor, size);
    this.#reserved = size;
  }

  /** Keeps it open for so many more readers. Not to be called once the writer has closed it. */
  hold(readers: number): void {
    this.#holders += readers;
  }

  /** A reader needs it no more. */
  release(): void {
    // All that was to be written was written, so a failing close loses nothing.
    if (--this.#holders === 0) close(this.#descriptor, () => {});
  }

  /** Takes a chunk; a promise when the disk has to catch up first. */
  write(chunk: Uint8Array): MaybePromise<void> {
    const room = this.#filling.length - this.#filled;
    if (chunk.byteLength <= room) {
      this.#fill(chunk);
      return undefined;
    }
    this.#fill(chunk.subarray(0, room));
    return this.#writeRest(chunk.subarray(room));
  }

  /** Writes what is left, closes the file and gives the table of all of it. */
  async finish(): Promise<Buffer> {
    await this.#flush();
    await this.#writing;
    if (this.#reserved > this.#handedOver) await fs.ftruncate(this.#descriptor, this.#handedOver);
    await this.#close();
    return this.#table.finish();
  }

  /** Closes the file and removes it; a write that is under way fails. Again, it does nothing. */
  async discard(): Promise<void> {
    if (this.#discarded) return;
    this.#discarded = true;
    await this.#writing?.catch(() => {});
    await this.#close();
    await fs.unlink(this.path).catch(absentAsUndefined);
  }

  async #close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#touching);
    if (--this.#holders === 0) await fs.close(this.#descriptor);
  }

  #touch(): void {
    const now = Date.now() / 1_000;
    // Where it cannot be touched, what comes is written, and that tells it too.
    futimes(this.#descriptor, now, now, () => {});
  }

  #read(from: number, to: number, give: (error: Error | null, chunk: Buffer) => void): void {
    const room = Buffer.allocUnsafeSlow(to - from);
    read(this.#descriptor, room, 0, room.length, from, (error, count) => {
      const missing = error === null && count === 0 ? this.#cutShort() : error;
      give(missing, room.subarray(0, count));
    });
  }

  #cutShort(): HttpCacheError {
    return new HttpCacheError(
      'ERR_HTTP_CACHE_CORRUPT_ENTRY',
      `The file ${this.path} was made shorter by somebody else while it was written`,
    );
  }

  async #writeRest(rest: Uint8Array): Promise<void> {
    for (let start = 0; start < rest.byteLength;) {
      if (this.#filled > 0) await this.#flush();
      const part = rest.subarray(start, start + this.#filling.length);
      this.#fill(part);
      start += part.byteLength;
    }
  }

  #fill(chunk: Uint8Array): void {
    this.#filling.set(chunk, this.#filled);
    this.#filled += chunk.byteLength;
    this.#grew();
  }

  async #flush(): Promise<void> {
    const size = Math.min(this.#isWriting ? 2 * this.#filling.length : this.#filling.length, LARGEST_BUFFER);
    await this.#writing;
    if (this.#discarded) throw new Error(`The file ${this.path} was discarded while it was written`);
    const full = this.#filling;
    const bytes = full.subarray(0, this.#filled);
    this.#filling = this.#spare?.length === size ? this.#spare : Buffer.allocUnsafeSlow(size);
    this.#spare = full;
    this.#filled = 0;
    this.#onDisk = this.#handedOver;
    this.#writing = this.#write(bytes);
    // Its failure belongs to the flush that waits for it.
    this.#writing.catch(() => {});
    this.#handedOver += bytes.length;
    this.#table.update(bytes);
  }

  async #write(bytes: Buffer): Promise<void> {
    this.#isWriting = true;
    await writeWhole(this.#descriptor, bytes, this.#onDisk);
    this.#isWriting = false;
  }
}

function part(buffer: Buffer, from: number, to: number): Buffer {
  return Buffer.from(buffer.subarray(from, to));
}
