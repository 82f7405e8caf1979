import { statfs } from 'node:fs/promises';

/** How many bytes may be stored before the disk is asked again. */
const MEASURE_EACH = 16 * 1024 * 1024;

/** How many times something may be stored before the disk is asked again. */
const MEASURE_TIMES = 64;

/** For how long a disk is taken for full that had no room, in milliseconds. What it says of itself may not be our quota. */
const FULL_FOR = 30_000;

/** Keeps part of the disk free: others fill it too, so it is asked now and then. */
export class FreeSpace {
  readonly #folder: string;
  readonly #minFree: number;
  #spare = 0;
  #filled = 0;
  #bytesLeft = 0;
  #timesLeft = 0;
  #fullUntil = 0;

  /** `minFree` is a part of the disk, from 0, which means all of it may be used, to below 1. */
  constructor(folder: string, minFree: number) {
    this.#folder = folder;
    this.#minFree = minFree;
  }

  /** Asks the disk, if it is time. */
  async measure(bytes: number): Promise<void> {
    if (this.#isFull()) return;
    if (this.#minFree === 0) return;
    this.#bytesLeft -= bytes;
    this.#timesLeft--;
    if (this.#bytesLeft > 0 && this.#timesLeft > 0) return;
    this.#spare = (await this.#ask()) + this.#filled;
    this.#bytesLeft = MEASURE_EACH;
    this.#timesLeft = MEASURE_TIMES;
  }

  /** What may be stored as far as the disk says. One that cannot be asked sets no limit: it says so when it is full. */
  async #ask(): Promise<number> {
    const disk = await statfs(this.#folder).catch(() => undefined);
    if (disk === undefined || disk.blocks === 0) return Number.POSITIVE_INFINITY;
    return (disk.bavail - this.#minFree * disk.blocks) * disk.bsize;
  }

  /** Whether that much can be stored. */
  has(bytes: number): boolean {
    return (this.#minFree === 0 && !this.#isFull()) || this.#spare >= bytes;
  }

  /** Has the disk asked before anything else is stored. */
  forget(): void {
    this.#timesLeft = 0;
  }

  /** The disk had no room: for half a minute it is not asked, and only what is removed is room. */
  isUsedUp(): void {
    this.#fullUntil = performance.now() + FULL_FOR;
    this.#spare = 0;
    this.forget();
  }

  /** Counts what was put into room that is held (or will be counted otherwise, below 0): it is no less spare for it. */
  fill(bytes: number): void {
    this.#filled += bytes;
  }

  /** Counts what was stored (or removed, below 0) since the disk was asked. */
  change(bytes: number): void {
    this.#spare -= bytes;
  }

  #isFull(): boolean {
    return performance.now() < this.#fullUntil;
  }
}
