import { statfsSync } from 'node:fs';
import { platform } from 'node:process';
import { isError } from '../../../core/is-error.ts';
import { asyncAccess, errorCode, syncAccess, type FileAccess } from './file-access.ts';

/**
 * File systems of Linux that answer from this machine, by the magic number that statfs gives:
 * ext, xfs, btrfs, zfs, tmpfs, ramfs, overlayfs, f2fs, bcachefs.
 */
const LOCAL: ReadonlySet<number> = new Set([
  0xef53, 0x58465342, 0x9123683e, 0x2fc12fc1, 0x01021994, 0x858458f6, 0x794c7630, 0xf2f52010, 0xca451a4e,
]);

/** A look-up that takes longer than this, in milliseconds, is slow. */
const SLOW = 5;

/** So many slow ones in a row turn synchronous reads off; a single one may only say that the processor was busy. */
const SLOW_IN_A_ROW = 3;

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 60_000;

/**
 * Decides how to read. Synchronous reads stop the whole process while they last, so they need a file system on this
 * machine and pause when it is slow: a second at first, then twice as long each time, up to a minute.
 */
export class ReadMode {
  readonly #local: boolean;
  #slow = 0;
  #pause = FIRST_PAUSE;
  #pausedUntil = 0;

  constructor(folder: string, io: 'auto' | 'async') {
    this.#local = io === 'auto' && isLocal(folder);
  }

  /** Performs a call, at once where that is allowed. What cannot be had at once for want of descriptors is waited for. */
  run<T>(read: (files: FileAccess) => T): T {
    if (!this.#local) return read(asyncAccess);
    const start = performance.now();
    if (start < this.#pausedUntil) return read(asyncAccess);
    try {
      return read(syncAccess);
    } catch (error) {
      if (isForWantOfDescriptors(error)) return read(asyncAccess);
      throw error;
    } finally {
      this.#note(performance.now(), start);
    }
  }

  #note(end: number, start: number): void {
    if (end - start <= SLOW) {
      this.#slow = 0;
      this.#pause = FIRST_PAUSE;
      return;
    }
    this.#slow++;
    if (this.#slow < SLOW_IN_A_ROW) return;
    this.#pausedUntil = end + this.#pause;
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
  }
}

/** Whether a file could not be opened now. Whatever else failed must not be done twice: closing would close another file. */
function isForWantOfDescriptors(error: unknown): boolean {
  const code = errorCode(error);
  if (code !== 'EMFILE' && code !== 'ENFILE') return false;
  return isError(error) && 'syscall' in error && error.syscall === 'open';
}

function isLocal(folder: string): boolean {
  // Elsewhere the numbers mean other things, or nothing; the pause protects there.
  if (platform !== 'linux') return true;
  try {
    return LOCAL.has(statfsSync(folder).type);
  } catch {
    // It cannot be asked now, or is not made yet.
    return false;
  }
}
