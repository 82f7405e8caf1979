import type { Stats } from 'node:fs';
import { LRUCache } from 'lru-cache';
import { andThen, isPromise } from '../../and-then.ts';
import type { MaybePromise } from '../../manager.ts';
import { decodeEntry, type DecodedEntry } from '../format/entry-record.ts';
import type { DiskClock } from '../disk-options.ts';
import { isUnreadable, type FileAccess, type FileSnapshot } from '../files/file-access.ts';
import { MARK_KEPT } from '../limits/is-recent-mark.ts';
import { keyHash, type Layout } from '../format/layout.ts';
import type { GroupFolders } from '../folder/group-folders.ts';
import type { ReadMode } from '../files/read-mode.ts';
import { StoredOnDisk } from './stored-on-disk.ts';

/** Memory for entries that were read, in bytes. */
const FRONT_SIZE = 16 * 1024 * 1024;

/** The most entries that are kept in memory. */
const FRONT_ENTRIES = 8_192;

/** What parsed strings and objects take beside the bytes of the file, roughly. */
const FRONT_OVERHEAD = 4_096;

/** How often a look-up starts again because the entry was replaced under its hands. */
const ATTEMPTS = 3;

/** An entry that was read, and what its file was like. */
interface KnownEntry {
  readonly entry: DecodedEntry;
  /** What a look-up gives when the body is in the entry. */
  readonly stored: StoredOnDisk | undefined;
  readonly stats: Stats;
}

/** What is looked up. */
interface Lookup {
  readonly cacheKey: string;
  readonly keyHash: string;
  /** Called with an entry that cannot be used; the look-up fails with what it gives. */
  readonly onDamaged: (damage: Damage) => Error;
}

/** What is wrong with an entry. */
export interface Damage {
  /** `disk`: it cannot be read. `file`: it does not decode. `key`: it is another key's. `body`: its body is gone or has another size. */
  readonly part: 'disk' | 'file' | 'key' | 'body';
  /** The status of the entry file. */
  readonly stats: Stats;
}

/** What a reader works with. */
export interface EntryReaderParts {
  readonly layout: Layout;
  readonly mode: ReadMode;
  readonly groups: GroupFolders;
  readonly clock: DiskClock;
}

/**
 * Finds entries. What was read stays in memory, within bounds, and is used again as long as the status of the file is the
 * same, so that a repeated hit on a small entry is one call of stat.
 */
export class EntryReader {
  readonly #layout: Layout;
  readonly #mode: ReadMode;
  readonly #groups: GroupFolders;
  readonly #clock: DiskClock;
  readonly #front = new LRUCache<string, KnownEntry>({ max: FRONT_ENTRIES, maxSize: FRONT_SIZE });

  constructor({ layout, mode, groups, clock }: EntryReaderParts) {
    this.#layout = layout;
    this.#mode = mode;
    this.#groups = groups;
    this.#clock = clock;
  }

  /**
   * Finds an entry, with its body in memory or open; `undefined` when it is not there.
   *
   * @throws what `onDamaged` gives when it is damaged.
   */
  find(lookup: Lookup): MaybePromise<StoredOnDisk | undefined> {
    return this.#mode.run((files) =>
      andThen(this.#groups.isSound(files, lookup.keyHash), (isSound) =>
        isSound ? this.#find(files, lookup) : undefined,
      ),
    );
  }

  /** Forgets what it knows of an entry and where it lies; without it, of all. */
  forget(keyHash?: string): void {
    this.#groups.forget(keyHash);
    if (keyHash === undefined) this.#front.clear();
    else this.changed(keyHash);
  }

  /** Forgets what it knows of an entry that was changed, but not where it lies: it has just been found there. */
  changed(keyHash: string): void {
    this.#front.delete(keyHash);
  }

  #find(
    files: FileAccess,
    lookup: Lookup,
    tried: readonly string[] = [],
  ): MaybePromise<StoredOnDisk | undefined> {
    return andThen(this.#current(files, lookup), (known) => {
      if (known === undefined) return undefined;
      if (known.stored !== undefined) return known.stored;
      return this.#open(files, lookup, { known, tried });
    });
  }

  #open(
    files: FileAccess,
    lookup: Lookup,
    { known, tried }: { readonly known: KnownEntry; readonly tried: readonly string[] },
  ): MaybePromise<StoredOnDisk | undefined> {
    const { entry, stats } = known;
    const generation = entry.separate?.generation ?? '';
    return andThen(files.open(this.#layout.body(lookup.keyHash, generation), entry.size), (descriptor) => {
      if (descriptor !== undefined) return new StoredOnDisk(entry, descriptor);
      // The entry may have been replaced, and its body removed, since it was read.
      this.forget(lookup.keyHash);
      if (tried.includes(generation)) throw lookup.onDamaged({ part: 'body', stats });
      return tried.length < ATTEMPTS ? this.#find(files, lookup, [...tried, generation]) : undefined;
    });
  }

  #current(files: FileAccess, lookup: Lookup): MaybePromise<KnownEntry | undefined> {
    const known = this.#front.get(lookup.keyHash);
    if (known === undefined) return this.#read(files, lookup);
    return andThen(files.stat(this.#layout.entry(lookup.keyHash)), (stats) => {
      if (stats !== undefined && isSame(stats, known.stats)) return this.#ifFor(lookup, known);
      this.forget(lookup.keyHash);
      return stats === undefined ? undefined : this.#read(files, lookup);
    });
  }

  #read(files: FileAccess, lookup: Lookup): MaybePromise<KnownEntry | undefined> {
    return andThen(this.#readFile(files, lookup), (file) => {
      if (file === undefined) return undefined;
      const entry = decodeEntry(file.bytes);
      if (entry === undefined) throw lookup.onDamaged({ part: 'file', stats: file.stats });
      const stored = entry.separate === undefined ? new StoredOnDisk(entry) : undefined;
      const known = { entry, stored, stats: file.stats };
      this.#front.set(lookup.keyHash, known, { size: FRONT_OVERHEAD + file.bytes.length });
      return this.#ifFor(lookup, known);
    });
  }

  #readFile(files: FileAccess, lookup: Lookup): MaybePromise<FileSnapshot | undefined> {
    const refuse = (error: unknown): MaybePromise<never> => this.#refuse(files, lookup, error);
    try {
      const file = files.read(this.#layout.entry(lookup.keyHash));
      return isPromise(file) ? file.catch(refuse) : file;
    } catch (error) {
      return refuse(error);
    }
  }

  /**
   * Fails for what cannot be read. As long as it may be what an invalidation left, that is an error, after which nothing is
   * stored; later it is damage, and what takes the place heals it.
   */
  #refuse(files: FileAccess, lookup: Lookup, error: unknown): MaybePromise<never> {
    if (!isUnreadable(error)) throw error;
    return andThen(files.stat(this.#layout.entry(lookup.keyHash)), (stats) => {
      if (stats === undefined || this.#clock.now() - stats.mtimeMs < MARK_KEPT) throw error;
      throw lookup.onDamaged({ part: 'disk', stats });
    });
  }

  #ifFor(lookup: Lookup, known: KnownEntry): KnownEntry | undefined {
    const { cacheKey } = known.entry;
    if (cacheKey === lookup.cacheKey) return known;
    // Two keys have one name on disk when neither is well-formed Unicode; else somebody moved files.
    if (keyHash(cacheKey) === lookup.keyHash) return undefined;
    this.forget(lookup.keyHash);
    throw lookup.onDamaged({ part: 'key', stats: known.stats });
  }
}

/** Whether a file is as it was: a file that took its place has another number, and every change another time or size. */
function isSame(a: Stats, b: Stats): boolean {
  return a.ino === b.ino && a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs;
}
