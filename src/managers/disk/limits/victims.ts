import { GROUPS } from '../format/layout.ts';
import type { ResolvedDiskOptions } from '../disk-options.ts';
import type { ScannedEntry } from './group-scan.ts';
import { FEW, type Scanner } from './scanner.ts';
import type { Totals } from './totals.ts';
import type { Uses } from './uses.ts';

/** Part of a group that one scan of it takes for victims. */
const OLDEST = 0.1;

/** When no more than so many are left, more are looked for in the background. */
const LOW = 32;

/** What the search for victims works with. */
export interface VictimsParts {
  readonly options: ResolvedDiskOptions;
  readonly totals: Totals;
  readonly uses: Uses;
  readonly scanner: Scanner;
}

/**
 * The entries that are to go next. Their order is that of the modification times of the files. While there are few entries,
 * all groups are scanned for them; later the heavier of two random ones, whose oldest tenth is taken: within a thousandth
 * of exact LRU, at a cost for each that does not grow with the store.
 */
export class Victims {
  readonly #parts: VictimsParts;
  #next: ScannedEntry[] = [];
  #finding: Promise<number> | undefined;

  constructor(parts: VictimsParts) {
    this.#parts = parts;
  }

  /** Takes the next one, if there is one left. */
  take(): ScannedEntry | undefined {
    const victim = this.#next.pop();
    const { length } = this.#next;
    // Nobody has to wait for them then. The exact order is that of one scan, to its end.
    if (length > 0 && length <= LOW && !this.#areFew()) this.find().catch(() => {});
    return victim;
  }

  /** Forgets all. */
  clear(): void {
    this.#next = [];
  }

  /** Looks for more; gives how many there are now. */
  async find(): Promise<number> {
    this.#finding ??= this.#find().finally(() => (this.#finding = undefined));
    return await this.#finding;
  }

  async #find(): Promise<number> {
    const { uses } = this.#parts;
    await uses.flush();
    const wereFew = this.#areFew();
    const found = wereFew ? await this.#scanAll() : await this.#scanHeavy();
    const now = uses.stamp() * 1_000;
    // Used while a clock was ahead: were it left so, everything else would go first until that time has come.
    for (const { keyHash, mtimeMs } of found) if (mtimeMs > now) uses.note(keyHash);
    const youngestFirst = found.toSorted((a, b) => b.mtimeMs - a.mtimeMs);
    if (wereFew && this.#areFew()) this.#next = youngestFirst;
    else this.#next = youngestFirst.slice(-Math.ceil(found.length * OLDEST)).concat(this.#next);
    return this.#next.length;
  }

  /** Entries of all groups; of enough of them, where there are many though few were told of. */
  async #scanAll(): Promise<readonly ScannedEntry[]> {
    let all: readonly ScannedEntry[] = [];
    await this.#parts.scanner.scanAll((found) => {
      if (all.length <= FEW) all = all.concat(found);
    });
    return all;
  }

  /** Entries of a heavy group. One that turns out to have none, or cannot be read, is passed over for the next. */
  async #scanHeavy(): Promise<readonly ScannedEntry[]> {
    const { scanner } = this.#parts;
    const found = await scanner.scan(this.#heavierGroup());
    if (found.length > 0) return found;
    const groups = Array.from({ length: GROUPS }, (_, group) => group);
    for (const group of groups.toSorted((a, b) => this.#weight(b) - this.#weight(a))) {
      const others = await scanner.scan(group);
      if (others.length > 0) return others;
    }
    return [];
  }

  #areFew(): boolean {
    return this.#parts.totals.stored().entries <= FEW;
  }

  #heavierGroup(): number {
    const one = Math.floor(Math.random() * GROUPS);
    const other = Math.floor(Math.random() * GROUPS);
    return this.#weight(one) >= this.#weight(other) ? one : other;
  }

  #weight(group: number): number {
    const { totals, options } = this.#parts;
    const { bytes, entries } = totals.group(group);
    return bytes / options.maxSize + entries / options.maxEntries;
  }
}
