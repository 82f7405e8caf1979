import { constants } from 'node:fs';
import fs from 'fs-extra';
import { errorCode, isAbsent, readableLength, readWhole } from '../files/file-access.ts';
import { decodeEntry } from '../format/entry-record.ts';
import { HttpCacheError } from '../../../errors.ts';
import type { CurrentEntry } from '../store-parts.ts';

const FLAGS =
  constants.O_RDWR | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** An entry file that was opened to be appended to: what is read and written is this file, whatever its name has become. */
export class OpenEntry {
  readonly #descriptor: number;

  private constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /** Opens the file at a path; `unusable` for what is there and is no plain file that we may write to. */
  static async open(path: string): Promise<OpenEntry | 'absent' | 'unusable'> {
    try {
      return new OpenEntry(await fs.open(path, FLAGS));
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return 'absent';
      if (isAbsent(error) || errorCode(error) === 'EACCES' || errorCode(error) === 'EPERM') return 'unusable';
      throw error;
    }
  }

  /** What it says now. */
  async read(): Promise<CurrentEntry> {
    const stats = await fs.fstat(this.#descriptor);
    const bytes = await readWhole(this.#descriptor, readableLength(stats));
    return { bytes, stats, entry: decodeEntry(bytes) };
  }

  /**
   * Appends a record, in one write: the rest of a half one could land behind another process's record.
   *
   * @throws HttpCacheError with `ERR_HTTP_CACHE_MANAGER` when the disk took only part of it, which readers pass over.
   */
  async append(record: Buffer): Promise<void> {
    const { bytesWritten } = await fs.write(this.#descriptor, record, 0, record.length);
    if (bytesWritten === record.length) return;
    throw new HttpCacheError(
      'ERR_HTTP_CACHE_MANAGER',
      'The disk took only part of a record, so it does not count',
    );
  }

  /** Sets its time of modification, in seconds. */
  async touch(seconds: number): Promise<void> {
    await fs.futimes(this.#descriptor, seconds, seconds);
  }

  async close(): Promise<void> {
    await fs.close(this.#descriptor);
  }
}
