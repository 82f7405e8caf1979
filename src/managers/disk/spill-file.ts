import { createHash } from 'node:crypto';
import fs from 'fs-extra';
import type { MaybePromise } from '../manager.ts';
import { absentAsUndefined } from './file-access.ts';
import { createFile, writeWhole } from './new-file.ts';

/** Bytes that are gathered for one write. Two such buffers are all that a body of any length takes. */
const BUFFER_SIZE = 128 * 1024;

/** An unpublished file that takes a body. One buffer fills while the other is written and hashed. */
export class SpillFile {
  readonly path: string;
  readonly #descriptor: number;
  readonly #hash = createHash('sha256');
  #filling: Buffer = Buffer.allocUnsafeSlow(BUFFER_SIZE);
  #spare: Buffer | undefined;
  #filled = 0;
  #length = 0;
  #writing: Promise<void> | undefined;
  #closed = false;
  #discarded = false;

  private constructor(path: string, descriptor: number) {
    this.path = path;
    this.#descriptor = descriptor;
  }

  /** Creates the file. */
  static async create(path: string): Promise<SpillFile> {
    return new SpillFile(path, await createFile(path));
  }

  /** Takes a chunk; a promise when the disk has to catch up first. */
  write(chunk: Uint8Array): MaybePromise<void> {
    const room = BUFFER_SIZE - this.#filled;
    if (chunk.byteLength <= room) {
      this.#fill(chunk);
      return undefined;
    }
    this.#fill(chunk.subarray(0, room));
    return this.#writeRest(chunk.subarray(room));
  }

  /** Writes what is left, closes the file and gives the SHA-256 of all of it. */
  async finish(): Promise<string> {
    await this.#flush();
    await this.#writing;
    await this.#close();
    return this.#hash.digest('hex');
  }

  /** Closes the file and removes it; a write that is under way fails. */
  async discard(): Promise<void> {
    this.#discarded = true;
    await this.#writing?.catch(() => {});
    await this.#close();
    await fs.unlink(this.path).catch(absentAsUndefined);
  }

  async #close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await fs.close(this.#descriptor);
  }

  async #writeRest(rest: Uint8Array): Promise<void> {
    for (let start = 0; start < rest.byteLength; start += BUFFER_SIZE) {
      if (this.#filled > 0) await this.#flush();
      this.#fill(rest.subarray(start, start + BUFFER_SIZE));
    }
  }

  #fill(chunk: Uint8Array): void {
    this.#filling.set(chunk, this.#filled);
    this.#filled += chunk.byteLength;
  }

  async #flush(): Promise<void> {
    await this.#writing;
    if (this.#discarded) throw new Error(`The file ${this.path} was discarded while it was written`);
    const full = this.#filling;
    const bytes = full.subarray(0, this.#filled);
    this.#filling = this.#spare ?? Buffer.allocUnsafeSlow(BUFFER_SIZE);
    this.#spare = full;
    this.#filled = 0;
    this.#writing = writeWhole(this.#descriptor, bytes, this.#length);
    // Its failure belongs to the flush that waits for it.
    this.#writing.catch(() => {});
    this.#length += bytes.length;
    this.#hash.update(bytes);
  }
}
