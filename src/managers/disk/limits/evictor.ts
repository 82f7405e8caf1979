import type { ResolvedDiskOptions } from '../disk-options.ts';
import type { EntryLocks } from '../entries/entry-locks.ts';
import type { Layout } from '../format/layout.ts';
import { diskFull, isDiskFull } from './disk-full.ts';
import { FreeSpace } from './free-space.ts';
import type { IncomingFiles } from './incoming-files.ts';
import { Limits } from './limits.ts';
import { noRoom } from './no-room.ts';
import { Scanner } from './scanner.ts';
import type { Totals } from './totals.ts';
import type { Usage } from './usage.ts';
import type { Uses } from './uses.ts';
import { Victims } from './victims.ts';

/** How often more victims are looked for before something is refused. */
const SEARCHES = 4;

/** After so many of those, an entry goes though it has been used since it was found: everything is in use. */
const POLITE_SEARCHES = 2;

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
  /** Bodies under way. */
  readonly incoming: IncomingFiles;
  /** Removes an entry, if given only when its file was last modified then; `false` when it is gone or was used since. */
  readonly remove: (keyHash: string, unusedSince?: number) => Promise<boolean>;
  /** What the entry under a key hash takes now. */
  readonly usageOf: (keyHash: string) => Promise<Usage>;
}

/**
 * Keeps the limits. Who wants to store asks for room first; one at a time is served, and what was used longest ago goes.
 * What each victim's file says is asked again before it goes.
 */
export class Evictor {
  readonly #parts: EvictorParts;
  readonly #space: FreeSpace;
  readonly #limits: Limits;
  readonly #scanner: Scanner;
  readonly #victims: Victims;
  #turn: Promise<unknown> = Promise.resolve();
  #publishing = 0;
  #wake: (() => void) | undefined;
  #evictions = 0;

  constructor(parts: EvictorParts) {
    const { layout, options, totals } = parts;
    this.#parts = parts;
    this.#space = new FreeSpace(layout.root, options.minFree);
    this.#limits = new Limits(options, totals, this.#space);
    this.#scanner = new Scanner(parts);
    this.#victims = new Victims({ ...parts, scanner: this.#scanner });
  }

  /** Entries taken out to stay within the limits. */
  get evictions(): number {
    return this.#evictions;
  }

  /** Finds out what is stored, in the background, unless that has begun before. */
  start(): void {
    this.#scanner.start();
  }

  /** Waits until everything was counted. */
  async counted(): Promise<void> {
    await this.#scanner.whole();
    await this.#scanner.scanUnread();
    await this.#parts.totals.learn();
  }

  /** Ends background work. */
  async stop(): Promise<void> {
    await this.#scanner.stop();
    await this.#turn;
    await this.#parts.totals.close();
  }

  /** Forgets all that was counted: it is gone, with the folder. It is counted again when that is next needed. */
  forget(): void {
    this.#parts.totals.forget();
    this.#victims.clear();
    this.#scanner.forget();
  }

  /** Counts anew after everything was removed: what was stored while it went is there. */
  async recount(): Promise<void> {
    this.#victims.clear();
    await this.counted();
    await this.#scanner.scanAll(() => {});
    await this.#scanner.scanIncoming();
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
   * Makes room for bytes of a body that comes, until `releaseBody`. Others do not wait for them: it may come slowly. Where
   * it is given that as many as `whole` are to come, and nothing makes room for those, it makes none for these.
   *
   * @throws HttpCacheError with `ERR_HTTP_CACHE_ENTRY_TOO_LARGE` when there is none.
   */
  async reserveBody(bytes: number, whole?: number): Promise<void> {
    await this.#inTurn(async () => {
      if (whole !== undefined) await this.#refuseInVain({ bytes: whole, entries: 0 });
      await this.#makeRoom({ bytes, entries: 0 }, undefined);
    });
    this.#parts.totals.announce(bytes);
  }

  /** Counts bytes of a body that came into room that is held for it. */
  fillBody(bytes: number): void {
    this.#space.fill(bytes);
  }

  /** Gives room for a body back, `filled` bytes of it filled. */
  releaseBody(bytes: number, filled: number): void {
    this.#parts.totals.announce(-bytes);
    this.#space.fill(-filled);
    this.#giveBack({ bytes, entries: 0 });
  }

  /** Counts what came into a group, or left it. */
  changed(group: number, usage: Usage): void {
    this.#parts.totals.change(group, usage);
    this.#space.change(usage);
  }

  /**
   * What to reject with where storing failed. Did the disk have no room, it is taken for full for a while: then only what is
   * evicted makes room.
   */
  explain(error: unknown): unknown {
    if (!isDiskFull(error)) return error;
    this.#space.isUsedUp();
    return diskFull(error);
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
    await this.#scanner.usable();
    await this.#space.measure(usage.bytes);
    let needed = usage;
    // The others may have made room, and where they did nothing has to go.
    if (!this.#limits.fits(usage)) await totals.learn();
    while (!this.#limits.fits(usage)) {
      // Asked each time: the entry that is replaced may have been the last to go.
      if (keyHash !== undefined) needed = difference(usage, await this.#parts.usageOf(keyHash));
      if (this.#limits.fits(needed)) break;
      needed = usage;
      const publishing = this.#publishing;
      if ((await this.#couldFit(usage)) && (await this.#evictOne(usage))) continue;
      if (this.#limits.fits(usage)) break;
      if (publishing === 0) throw noRoom(usage.bytes);
      // What is being published cannot be evicted before it is.
      if (publishing === this.#publishing) await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    totals.hold(needed, 1);
    this.#scanner.scanInTurn();
    return needed;
  }

  /** Throws when something can never have its room. Who is publishing now may be in the way: then it is found out later. */
  async #refuseInVain(usage: Usage): Promise<void> {
    await this.#scanner.usable();
    await this.#space.measure(0);
    if (this.#publishing === 0 && !(await this.#couldFit(usage))) throw noRoom(usage.bytes);
  }

  async #couldFit(usage: Usage): Promise<boolean> {
    // A killed process may be all that is in the way.
    if (!this.#limits.fitsAlone(usage) && this.#parts.totals.others() > 0) await this.#scanner.scanIncoming();
    if (this.#limits.fitsAlone(usage)) return true;
    this.#space.forget();
    return false;
  }

  /** Takes one entry out, or finds that there is room; `false` when neither is possible. */
  async #evictOne(usage: Usage): Promise<boolean> {
    for (let searches = 0; ;) {
      const victim = this.#victims.take();
      if (victim === undefined) {
        if (searches++ === SEARCHES || (await this.#victims.find()) === 0) return false;
        if (this.#limits.fits(usage)) return true;
        continue;
      }
      const unusedSince = searches <= POLITE_SEARCHES ? victim.mtimeMs : undefined;
      // One that cannot be removed keeps nobody from removing the next.
      if (await this.#parts.remove(victim.keyHash, unusedSince).catch(() => false)) {
        this.#evictions++;
        return true;
      }
    }
  }
}

function difference(a: Usage, b: Usage): Usage {
  return { bytes: a.bytes - b.bytes, entries: a.entries - b.entries };
}
