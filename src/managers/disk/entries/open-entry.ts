import fs from 'fs-extra';
import { HttpCacheError } from '../../../errors.ts';
import type { MaybePromise } from '../../manager.ts';
import { andThen } from '../../and-then.ts';
import { errorCode, isAbsent } from '../files/file-access.ts';
import type { ReadMode } from '../files/read-mode.ts';
import { decodeEntry } from '../format/entry-record.ts';
import type { CurrentEntry } from '../store-parts.ts';

/**
 * An entry file that was opened to be appended to: what is read and written is this file, whatever its name has become.
 * Reading is done at once where that is fast; writing never is, as it may have to wait for the disk.
 */
export class OpenEntry {
  readonly #mode: ReadMode;
  readonly #descriptor: number;

  private constructor(mode: ReadMode, descriptor: number) {
    this.#mode = mode;
    this.#descriptor = descriptor;
  }

  /** Opens the file at a path; `unusable` for what is there and is no plain file that we may write to. */
  static async open(mode: ReadMode, path: string): Promise<OpenEntry | 'absent' | 'unusable'> {
    try {
      return new OpenEntry(mode, await mode.run((files) => files.openToAppend(path)));
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return 'absent';
      if (isAbsent(error) || errorCode(error) === 'EACCES' || errorCode(error) === 'EPERM') return 'unusable';
      throw error;
    }
  }

  /** What it says now. */
  read(): MaybePromise<CurrentEntry> {
    const file = this.#mode.run((files) => files.readOpen(this.#descriptor));
    return andThen(file, ({ bytes, stats }) => ({ bytes, stats, entry: decodeEntry(bytes) }));
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
  touch(seconds: number): MaybePromise<void> {
    return this.#mode.run((files) => files.touch(this.#descriptor, seconds));
  }

  /** Closes it. */
  async close(): Promise<void> {
    await this.#mode.run((files) => files.close(this.#descriptor));
  }
}
