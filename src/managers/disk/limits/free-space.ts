import { statfs } from 'node:fs/promises';
import type { Usage } from './usage.ts';

/** How many bytes may be stored before the disk is asked again. */
const MEASURE_EACH = 16 * 1024 * 1024;

/** How many times something may be stored before the disk is asked again. */
const MEASURE_TIMES = 64;

/** For how long a disk is taken for full that had no room, in milliseconds. What it says of itself may not be our quota. */
const FULL_FOR = 30_000;

/**
 * So many files that can still be made are none: what takes the place of another, a body under way and a folder need one for
 * a moment, too.
 */
const FEW_FILES = 16;

/** What may still be stored, as far as the disk says. */
interface Spare {
  readonly bytes: number;
  /** Files that can be made: many file systems can hold a certain number, whatever room there is. */
  readonly files: number;
}

const UNLIMITED: Spare = { bytes: Number.POSITIVE_INFINITY, files: Number.POSITIVE_INFINITY };

/** Keeps part of the disk free: others fill it too, so it is asked now and then. Each entry counts as one file. */
export class FreeSpace {
  readonly #folder: string;
  readonly #minFree: number;
  #spare: Spare = { bytes: 0, files: 0 };
  #filled = 0;
  #bytesLeft = 0;
  #timesLeft = 0;
  #fullUntil = 0;
  #lacks: 'unknown' | 'bytes' | 'files' = 'unknown';

  /** `minFree` is a part of the disk, from 0, which means all of it may be used, to below 1. */
  constructor(folder: string, minFree: number) {
    this.#folder = folder;
    this.#minFree = minFree;
  }

  /** Asks the disk, if it is time. */
  async measure(bytes: number): Promise<void> {
    if (this.#isFull()) {
      await this.#askForFiles();
      return;
    }
    if (this.#minFree === 0) return;
    this.#bytesLeft -= bytes;
    this.#timesLeft--;
    if (this.#bytesLeft > 0 && this.#timesLeft > 0) return;
    const spare = await this.#ask(this.#minFree);
    this.#spare = { ...spare, bytes: spare.bytes + this.#filled };
    this.#bytesLeft = MEASURE_EACH;
    this.#timesLeft = MEASURE_TIMES;
  }

  /** Whether that much can be stored; below 0, whether it suffices that so much goes. */
  has({ bytes, entries }: Usage): boolean {
    if (this.#minFree === 0 && !this.#isFull()) return true;
    return this.#spare.bytes >= bytes && this.#spare.files >= entries;
  }

  /** Whether an entry can take the place of one that takes as much: that leaves the disk as it is, but needs a file first. */
  canReplace(): boolean {
    return !this.#isFull() || this.#spare.files >= 0;
  }

  /** Has the disk asked before anything else is stored. */
  forget(): void {
    this.#timesLeft = 0;
  }

  /** The disk had no room: for half a minute its word is not taken, and only what is removed is room. */
  isUsedUp(): void {
    this.#fullUntil = performance.now() + FULL_FOR;
    this.#lacks = 'unknown';
    this.#spare = { bytes: 0, files: Number.POSITIVE_INFINITY };
    this.forget();
  }

  /** Counts what was put into room that is held (or will be counted otherwise, below 0): it is no less spare for it. */
  fill(bytes: number): void {
    this.#filled += bytes;
  }

  /** Counts what was stored (or removed, below 0) since the disk was asked. */
  change({ bytes, entries }: Usage): void {
    this.#spare = { bytes: this.#spare.bytes - bytes, files: this.#spare.files - entries };
  }

  /** Asks the disk that had no room whether it has files: if not, bytes need not go, and it can be asked how many came free. */
  async #askForFiles(): Promise<void> {
    if (this.#lacks === 'bytes') return;
    const { bytes, files } = await this.#ask(0);
    if (this.#lacks === 'unknown') this.#lacks = files <= FEW_FILES ? 'files' : 'bytes';
    if (this.#lacks === 'files') this.#spare = { bytes, files: files - FEW_FILES };
  }

  /** What may be stored beside a part that stays free. A disk that cannot be asked sets no limit: it says so when it is full. */
  async #ask(free: number): Promise<Spare> {
    const disk = await statfs(this.#folder).catch(() => undefined);
    if (disk === undefined) return UNLIMITED;
    return {
      bytes: disk.blocks === 0 ? UNLIMITED.bytes : (disk.bavail - free * disk.blocks) * disk.bsize,
      // Such as Btrfs make files as long as there is room, and give no number.
      files: disk.files === 0 ? UNLIMITED.files : disk.ffree - free * disk.files,
    };
  }

  #isFull(): boolean {
    return performance.now() < this.#fullUntil;
  }
}
