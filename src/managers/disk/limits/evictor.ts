import type { HttpCacheError } from '../../../errors.ts';
import type { ResolvedDiskOptions } from '../disk-options.ts';
import type { EntryLocks } from '../entries/entry-locks.ts';
import { namesIn } from '../files/names-in.ts';
import { FreeSpace } from './free-space.ts';
import { scanGroup, type GroupScan, type ScannedEntry } from './group-scan.ts';
import { groupName, GROUPS, type Layout } from '../format/layout.ts';
import { Limits } from './limits.ts';
import { noRoom } from './no-room.ts';
import type { Totals, Usage } from './totals.ts';
import type { Uses } from './uses.ts';

/** Up to so many entries all groups are scanned for victims, which makes the order of eviction exact. */
const EXACT_LIMIT = 4_096;

/** So many scanned entries tell about the rest. */
const SAMPLE = 2_048;

/** Part of a group that one scan of it takes for victims. */
const OLDEST = 0.1;

/** After this part of the limits was stored, a group is scanned again, in turn, as other processes store too. */
const RESCAN_PART = 1 / 2_048;

/** Entries that are stored at least before a group is scanned again. */
const RESCAN_LEAST = 64;

/** What an evictor works with. */
export interface EvictorParts {
  /** Where things are. */
  readonly layout: Layout;
  /** The limits. */
  readonly options: ResolvedDiskOptions;
  /** What is stored. */
  readonly totals: Totals;
  /** When it was used. */
  readonly uses: Uses;
  /** What keeps scans and changes apart. */
  readonly locks: EntryLocks;
  /** Removes an entry whose file was last modified then; `false` when it is gone or was used since. */
  readonly removeUnused: (keyHash: string, mtimeMs: number) => Promise<boolean>;
  /** What the entry under a key hash takes now. */
  readonly usageOf: (keyHash: string) => Promise<Usage>;
}

/**
 * Keeps the limits. Who wants to store asks for room first; one at a time is served, and what was used longest ago goes.
 *
 * The order of use is that of the modification times of the files. Victims are found by scanning all groups while there
 * are few entries, and later the heavier of two random ones, whose oldest tenth is taken: within a thousandth of exact
 * LRU at a cost that does not grow with the store. What each victim's file says is asked again before it goes.
 */
export class Evictor {
  readonly #parts: EvictorParts;
  readonly #space: FreeSpace;
  readonly #limits: Limits;
  #turn: Promise<unknown> = Promise.resolve();
  #victims: ScannedEntry[] = [];
  #firstScan: { readonly usable: Promise<void>; readonly whole: Promise<void> } | undefined;
  #rescan: Promise<unknown> = Promise.resolve();
  #nextRescan = 0;
  #storedSince: Usage = { bytes: 0, entries: 0 };
  #publishing = 0;
  #wake: (() => void) | undefined;
  #stopped = false;
  #evictions = 0;

  constructor(parts: EvictorParts) {
    this.#parts = parts;
    this.#space = new FreeSpace(parts.layout.root, parts.options.minFree);
    this.#limits = new Limits(parts.options, parts.totals, this.#space);
  }

  /** Entries taken out to stay within the limits. */
  get evictions(): number {
    return this.#evictions;
  }

  /** Finds out what is stored, in the background, unless that has begun before. */
  start(): void {
    void this.#scanAtFirst();
  }

  /** Waits until everything was counted. */
  async counted(): Promise<void> {
    await this.#scanAtFirst().whole;
  }

  /** Ends background work. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.allSettled([this.#firstScan?.whole, this.#rescan, this.#turn]);
  }

  /** Counts anew after everything was removed: what was stored while it went is there. */
  async recount(): Promise<void> {
    this.#victims = [];
    await this.counted();
    for (let group = 0; group < GROUPS; group++) await this.#scan(group);
  }

  /**
   * Makes room, for what replaces the entry under a key hash if one is given, and gives what to `release` later.
   *
   * @throws HttpCacheError with `ERR_HTTP_CACHE_ENTRY_TOO_LARGE` when there is none.
   */
  async reserve(usage: Usage, keyHash?: string): Promise<Usage> {
    return await this.#inTurn(async () => {
      const held = await this.#makeRoom(usage, keyHash);
      this.#publishing++;
      return held;
    });
  }

  /** Gives room back: it is filled, and counted as stored, or not needed after all. */
  release(usage: Usage): void {
    this.#publishing--;
    this.#giveBack(usage);
  }

  /**
   * Makes room for bytes of a body that comes, until `releaseBody`. Others do not wait for them: it may come slowly.
   *
   * @throws HttpCacheError with `ERR_HTTP_CACHE_ENTRY_TOO_LARGE` when there is none.
   */
  async reserveBody(bytes: number): Promise<void> {
    await this.#inTurn(async () => await this.#makeRoom({ bytes, entries: 0 }, undefined));
  }

  /** Counts bytes of a body that came into room that is held for it. */
  fillBody(bytes: number): void {
    this.#space.fill(bytes);
  }

  /** Gives room for a body back, `filled` bytes of it filled. */
  releaseBody(bytes: number, filled: number): void {
    this.#space.fill(-filled);
    this.#giveBack({ bytes, entries: 0 });
  }

  /** Counts what came into a group, or left it. */
  changed(group: number, usage: Usage): void {
    this.#parts.totals.change(group, usage);
    this.#space.change(usage.bytes);
  }

  async #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(task);
    this.#turn = turn.catch(() => {});
    return await turn;
  }

  #giveBack(usage: Usage): void {
    this.#parts.totals.hold(usage, -1);
    this.#wake?.();
  }

  async #makeRoom(usage: Usage, keyHash: string | undefined): Promise<Usage> {
    const { totals } = this.#parts;
    await this.#scanAtFirst().usable;
    await this.#space.measure(usage.bytes);
    let needed = usage;
    while (!this.#limits.fits(usage)) {
      // Asked each time: the entry that is replaced may have been the last to go.
      if (keyHash !== undefined) needed = difference(usage, await this.#parts.usageOf(keyHash));
      if (this.#limits.fits(needed)) break;
      needed = usage;
      const publishing = this.#publishing;
      if (this.#limits.fitsAlone(usage) && (await this.#evictOne())) continue;
      if (this.#limits.fits(usage)) break;
      if (publishing === 0) throw this.#refuse(usage);
      // What is being published cannot be evicted before it is.
      if (publishing === this.#publishing) await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    totals.hold(needed, 1);
    this.#scanNextGroup(usage);
    return needed;
  }

  #refuse({ bytes }: Usage): HttpCacheError {
    this.#space.forget();
    return noRoom(bytes);
  }

  async #evictOne(): Promise<boolean> {
    // The first scan may find that all it was given has been used since; then the second one knows.
    for (let scans = 0; scans <= 2;) {
      const victim = this.#victims.pop();
      if (victim === undefined) {
        await this.#findVictims();
        scans++;
      } else if (await this.#parts.removeUnused(victim.keyHash, victim.mtimeMs)) {
        this.#evictions++;
        return true;
      }
    }
    return false;
  }

  async #findVictims(): Promise<void> {
    const { totals, uses } = this.#parts;
    await uses.flush();
    const exact = totals.stored().entries <= EXACT_LIMIT;
    let found = exact ? await this.#scanAll() : (await this.#scan(this.#heavierGroup())).found;
    if (found.length === 0) found = await this.#scanAll();
    const now = uses.stamp() * 1_000;
    // Used while a clock was ahead: were it left so, everything else would go first until that time has come.
    for (const { keyHash, mtimeMs } of found) if (mtimeMs > now) uses.note(keyHash);
    const youngestFirst = found.toSorted((a, b) => b.mtimeMs - a.mtimeMs);
    this.#victims = exact ? youngestFirst : youngestFirst.slice(-Math.ceil(youngestFirst.length * OLDEST));
  }

  async #scanAll(): Promise<ScannedEntry[]> {
    const found: ScannedEntry[] = [];
    for (const group of await this.#presentGroups()) found.push(...(await this.#scan(group)).found);
    return found;
  }

  #heavierGroup(): number {
    const { totals, options } = this.#parts;
    const one = Math.floor(Math.random() * GROUPS);
    const other = Math.floor(Math.random() * GROUPS);
    const weight = (group: number): number => {
      const { bytes, entries } = totals.group(group);
      return bytes / options.maxSize + entries / options.maxEntries;
    };
    return weight(one) >= weight(other) ? one : other;
  }

  async #scan(group: number): Promise<GroupScan> {
    const { layout, options, totals, locks } = this.#parts;
    return await locks.scan(group, async () => {
      const scan = await scanGroup(layout, group, options.clock.now());
      totals.set(group, scan);
      return scan;
    });
  }

  #scanAtFirst(): { readonly usable: Promise<void>; readonly whole: Promise<void> } {
    if (this.#firstScan !== undefined) return this.#firstScan;
    let enough = (): void => {};
    const sampled = new Promise<void>((resolve) => (enough = resolve));
    const whole = this.#countAll(enough).catch((error: unknown) => {
      this.#firstScan = undefined;
      throw error;
    });
    const usable = Promise.race([sampled, whole]);
    // Whoever needs the figures hears of the failure; who only started it does not.
    usable.catch(() => {});
    whole.catch(() => {});
    return (this.#firstScan = { usable, whole });
  }

  async #countAll(enough: () => void): Promise<void> {
    const { totals } = this.#parts;
    const present = await this.#presentGroups();
    for (let group = 0; group < GROUPS && !this.#stopped; group++) {
      if (present.has(group)) await this.#scan(group);
      else totals.set(group, { bytes: 0, entries: 0 });
      if (totals.scannedEntries >= SAMPLE) enough();
    }
  }

  async #presentGroups(): Promise<ReadonlySet<number>> {
    const { layout } = this.#parts;
    const names = new Set(await namesIn(layout.metadata));
    for (const name of await namesIn(layout.content)) names.add(name);
    const groups = new Set<number>();
    for (let group = 0; group < GROUPS; group++) if (names.has(groupName(group))) groups.add(group);
    return groups;
  }

  #scanNextGroup({ bytes, entries }: Usage): void {
    const { options } = this.#parts;
    const since = { bytes: this.#storedSince.bytes + bytes, entries: this.#storedSince.entries + entries };
    this.#storedSince = since;
    if (this.#stopped || since.entries < RESCAN_LEAST) return;
    if (since.bytes < options.maxSize * RESCAN_PART && since.entries < options.maxEntries * RESCAN_PART)
      return;
    this.#storedSince = { bytes: 0, entries: 0 };
    this.#nextRescan = (this.#nextRescan + 1) % GROUPS;
    // It only keeps the figures good; the next one tries again.
    this.#rescan = this.#scan(this.#nextRescan).catch(() => {});
  }
}

function difference(a: Usage, b: Usage): Usage {
  return { bytes: a.bytes - b.bytes, entries: a.entries - b.entries };
}
