import { removeTrash } from '../folder/trash.ts';
import type { ResolvedDiskOptions } from '../disk-options.ts';
import type { EntryLocks } from '../entries/entry-locks.ts';
import { namesIn } from '../files/names-in.ts';
import { groupName, GROUPS, type Layout } from '../format/layout.ts';
import { scanGroup, type ScannedEntry } from './group-scan.ts';
import type { IncomingFiles } from './incoming-files.ts';
import type { Totals } from './totals.ts';
import { NOTHING } from './usage.ts';

/** Up to so many entries everything is scanned at the start and for victims, which makes the order of eviction exact. */
export const FEW: number = 4_096;

/** So many scanned entries tell about the rest. */
const SAMPLE = 2_048;

/** Entries that are stored at least before a group is scanned again. */
const RESCAN_LEAST = 64;

/** How often the files of bodies under way are looked at, in milliseconds. */
const INCOMING_EACH = 60_000;

/** What a scanner works with. */
export interface ScannerParts {
  /** Where things are. */
  readonly layout: Layout;
  /** The limits, and the clock. */
  readonly options: ResolvedDiskOptions;
  /** Where it writes down what it finds. */
  readonly totals: Totals;
  /** What keeps scans and changes apart. */
  readonly locks: EntryLocks;
  /** Bodies under way. */
  readonly incoming: IncomingFiles;
}

/**
 * Finds out what is stored. What the ledger tells need not be scanned to be used; it is scanned all the same, in turn, so
 * that its errors end and what killed processes left is removed: all at once at the start while that is little, and then
 * a group for as many puts as it takes to make that about one file a put.
 */
export class Scanner {
  readonly #parts: ScannerParts;
  #first: { readonly usable: Promise<void>; readonly whole: Promise<void> } | undefined;
  #next = Math.floor(Math.random() * GROUPS);
  #stored = 0;
  #rescan: Promise<unknown> | undefined;
  #incomingDue = 0;
  readonly #unread = new Set<number>();
  #stopped = false;
  readonly #stop = new AbortController();

  constructor(parts: ScannerParts) {
    this.#parts = parts;
  }

  /** Begins, unless it has begun before. */
  start(): void {
    void this.#scanAtFirst();
  }

  /** Begins again when something is next to be known. */
  forget(): void {
    this.#first = undefined;
  }

  /** Waits until enough is known to keep limits. */
  async usable(): Promise<void> {
    await this.#scanAtFirst().usable;
  }

  /** Waits until everything is known. */
  async whole(): Promise<void> {
    await this.#scanAtFirst().whole;
  }

  /** Ends background work. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stop.abort();
    await Promise.allSettled([this.#first?.whole, this.#rescan]);
  }

  /**
   * Scans a group, and gives its entries. Never rejects: one that cannot be read counts as what it was, or as empty, so that
   * it hurts nobody who needs the figures, and is tried again each minute.
   */
  async scan(group: number): Promise<readonly ScannedEntry[]> {
    const { layout, options, totals, locks } = this.#parts;
    return await locks.scan(group, async () => {
      try {
        const scan = await scanGroup(layout, group, options.clock.now());
        totals.set(group, scan);
        this.#unread.delete(group);
        return scan.found;
      } catch {
        this.#unread.add(group);
        if (!totals.isKnown(group)) totals.set(group, NOTHING);
        return [];
      }
    });
  }

  /** Scans all groups, one after the other, and gives the entries of each to `visit`. Never rejects. */
  async scanAll(visit: (found: readonly ScannedEntry[]) => void): Promise<void> {
    const present = await this.#presentGroups();
    for (let group = 0; group < GROUPS; group++) {
      if (present.has(group) || this.#holdsSomething(group)) visit(await this.scan(group));
    }
  }

  /** Scans once more what could not be read. */
  async scanUnread(): Promise<void> {
    for (const group of [...this.#unread]) await this.scan(group);
  }

  /** Looks at the bodies that are under way. Where that fails, those count that their processes tell of. */
  async scanIncoming(): Promise<void> {
    const { incoming, options, totals } = this.#parts;
    this.#incomingDue = performance.now() + INCOMING_EACH;
    const bytes = await incoming.scan(options.clock.now()).catch(() => undefined);
    if (bytes !== undefined) totals.setIncoming(bytes);
  }

  /** Scans in the background what it is time for, as something is stored. */
  scanInTurn(): void {
    if (this.#stopped || this.#rescan !== undefined) return;
    const files = 2 * Math.ceil(this.#parts.totals.stored().entries / GROUPS);
    if (++this.#stored < Math.max(RESCAN_LEAST, files) && performance.now() < this.#incomingDue) return;
    this.#rescan = this.#scanNext().finally(() => (this.#rescan = undefined));
  }

  async #scanNext(): Promise<void> {
    if (performance.now() >= this.#incomingDue) {
      await this.scanIncoming();
      await this.scanUnread();
      // Another process may have been killed while it cleared the store. Where this fails, it is tried again in a minute.
      await removeTrash(this.#parts.layout, this.#stop.signal).catch(() => {});
    }
    this.#stored = 0;
    this.#next = (this.#next + 1) % GROUPS;
    await this.scan(this.#next);
  }

  #scanAtFirst(): { readonly usable: Promise<void>; readonly whole: Promise<void> } {
    if (this.#first !== undefined) return this.#first;
    let enough = (): void => {};
    const sampled = new Promise<void>((resolve) => (enough = resolve));
    const whole = this.#scanUnknown(enough);
    return (this.#first = { usable: Promise.race([sampled, whole]), whole });
  }

  async #scanUnknown(enough: () => void): Promise<void> {
    const { totals } = this.#parts;
    await totals.learn();
    let isUsable = false;
    const look = (): void => {
      isUsable ||= totals.areKnown || totals.scannedEntries >= SAMPLE;
      if (isUsable) enough();
    };
    look();
    await this.scanIncoming();
    const isAll = totals.areKnown && totals.stored().entries <= FEW;
    const present = await this.#presentGroups();
    for (let group = 0; group < GROUPS && !this.#stopped; group++) {
      const isKnown = totals.isKnown(group);
      if (isKnown && !isAll) continue;
      // Once something may be stored, a group that was not there can be by now.
      if (present.has(group) || this.#holdsSomething(group) || (isUsable && !isKnown)) await this.scan(group);
      else if (!isKnown) totals.set(group, NOTHING);
      look();
    }
  }

  #holdsSomething(group: number): boolean {
    const { bytes, entries } = this.#parts.totals.group(group);
    return bytes !== 0 || entries !== 0;
  }

  /** The groups that have folders; all of them where that cannot be told. */
  async #presentGroups(): Promise<ReadonlySet<number>> {
    const { layout } = this.#parts;
    const all = Array.from({ length: GROUPS }, (_, group) => group);
    try {
      const names = new Set([...(await namesIn(layout.metadata)), ...(await namesIn(layout.content))]);
      return new Set(all.filter((group) => names.has(groupName(group))));
    } catch {
      return new Set(all);
    }
  }
}
