import type { Stats } from 'node:fs';
import { LRUCache } from 'lru-cache';
import { andThen } from '../../and-then.ts';
import type { MaybePromise } from '../../manager.ts';
import { decodeEntry, type DecodedEntry } from '../format/entry-record.ts';
import type { FileAccess } from '../files/file-access.ts';
import type { Layout } from '../format/layout.ts';
import { ReadMode } from '../files/read-mode.ts';
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
  /** Called with an entry whose body is gone. */
  readonly onDangling: (entry: DecodedEntry) => void;
}

/**
 * Finds entries. What was read stays in memory, within bounds, and is used again as long as the status of the file is the
 * same, so that a repeated hit on a small entry is one call of stat.
 */
export class EntryReader {
  readonly #layout: Layout;
  readonly #mode: ReadMode;
  readonly #front = new LRUCache<string, KnownEntry>({ max: FRONT_ENTRIES, maxSize: FRONT_SIZE });

  constructor(layout: Layout, io: 'auto' | 'async') {
    this.#layout = layout;
    this.#mode = new ReadMode(layout.root, io);
  }

  /** Finds an entry, with its body in memory or open; `undefined` when it is not there or is damaged. */
  find(lookup: Lookup): MaybePromise<StoredOnDisk | undefined> {
    return this.#mode.run((files) => this.#find(files, lookup));
  }

  /** Forgets what it knows of an entry; without it, of all. */
  forget(keyHash?: string): void {
    if (keyHash === undefined) this.#front.clear();
    else this.#front.delete(keyHash);
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
    { known: { entry }, tried }: { readonly known: KnownEntry; readonly tried: readonly string[] },
  ): MaybePromise<StoredOnDisk | undefined> {
    const generation = entry.separate?.generation ?? '';
    return andThen(files.open(this.#layout.body(lookup.keyHash, generation), entry.size), (descriptor) => {
      if (descriptor !== undefined) return new StoredOnDisk(entry, descriptor);
      // The entry may have been replaced, and its body removed, since it was read.
      this.forget(lookup.keyHash);
      if (tried.includes(generation)) lookup.onDangling(entry);
      else if (tried.length < ATTEMPTS) return this.#find(files, lookup, [...tried, generation]);
      return undefined;
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
    return andThen(files.read(this.#layout.entry(lookup.keyHash)), (file) => {
      const entry = file && decodeEntry(file.bytes);
      if (file === undefined || entry === undefined) return undefined;
      const stored = entry.body === undefined ? undefined : new StoredOnDisk(entry);
      const known = { entry, stored, stats: file.stats };
      this.#front.set(lookup.keyHash, known, { size: FRONT_OVERHEAD + file.bytes.length });
      return this.#ifFor(lookup, known);
    });
  }

  /** Two keys may have one name on disk: when somebody moved files, or when neither is well-formed Unicode. */
  #ifFor({ cacheKey }: Lookup, known: KnownEntry): KnownEntry | undefined {
    return known.entry.cacheKey === cacheKey ? known : undefined;
  }
}

/** Whether a file is as it was: a file that took its place has another number, and every change another time or size. */
function isSame(a: Stats, b: Stats): boolean {
  return a.ino === b.ino && a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs;
}
