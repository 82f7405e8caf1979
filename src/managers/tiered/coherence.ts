import { LRUCache } from 'lru-cache';
import { assertNever } from '../../core/assert-never.ts';
import { primaryOf } from '../../core/cache-key.ts';
import type { CacheManager, Change } from '../manager.ts';

/** How many copies are kept track of; the one used longest ago goes first. */
const MAX_COPIES = 50_000;

/**
 * After how many milliseconds a copy is compared again although no change was told: nobody tells what the far store itself drops
 * when it expires or makes room, and what is never asked for it takes for unused.
 */
const COMPARE_AFTER_MS = 30_000;

/** Of so many target URIs it is remembered that their copies are to be compared. */
const MAX_ASKED = 1000;

/** A copy in the near store. */
export interface Copy {
  /** The revision of the far entry that it is of. */
  readonly revision: string;
  /** The far entry's token. */
  readonly token: string;
  /** The key of the copy in the near store. */
  readonly nearKey: string;
}

/** A copy, and since when it is known to be of what is stored. */
interface KnownCopy extends Copy {
  nth: number;
  comparedAt: number;
  hearing: number | undefined;
}

/** One read of the far store under a key. It stands until something is written there. */
export interface Reading {
  /** Its place in the order in which readings began. */
  readonly nth: number;
  /** When it began. */
  readonly startedAt: number;
  /** In which span of hearing of all changes it began; `undefined` for none. */
  readonly hearing: number | undefined;
  /** Whether nothing was written there since. */
  isCurrent: boolean;
  /** Whether it makes a copy of what it reads. */
  isCopying: boolean;
}

/** What coherence depends on. */
export interface CoherenceOptions {
  readonly far: CacheManager;
  readonly maxStaleMs: number;
  readonly now: () => number;
  /** Is told of each copy that is of no more use. */
  readonly dropped: (copy: Copy) => void;
}

/**
 * Says which copies of the far store may answer: one that was compared within `maxStaleMs`, or, where the far store tells of all
 * changes or is this process's alone, one that nothing was written over since.
 */
export class Coherence {
  readonly #copies: LRUCache<string, KnownCopy>;
  readonly #readings = new Map<string, Set<Reading>>();
  /** How many writes are under way, by key. */
  readonly #writing = new Map<string, number>();
  readonly #isPrivate: boolean;
  readonly #maxStaleMs: number;
  readonly #now: () => number;
  readonly #endings: (() => void)[] = [];
  /** The last reading that is too old for copies of a target URI, by its primary key. */
  readonly #tooOld = new LRUCache<string, number>({ max: MAX_ASKED });
  #hearing: number | undefined;
  #spans = 0;
  #begun = 0;

  constructor({ far, maxStaleMs, now, dropped }: CoherenceOptions) {
    this.#isPrivate = far.scope === 'process';
    this.#maxStaleMs = maxStaleMs;
    this.#now = now;
    this.#copies = new LRUCache({ max: MAX_COPIES, dispose: (copy: KnownCopy) => dropped(copy) });
    const { changes, evictions } = far;
    if (changes !== undefined) this.#endings.push(changes.observe((change) => this.#changed(change)));
    if (evictions !== undefined) {
      this.#endings.push(evictions.observe(({ cacheKey }) => this.forget(cacheKey)));
    }
  }

  /** The copy under a key, which may or may not answer. */
  copyOf(cacheKey: string): Copy | undefined {
    return this.#copies.peek(cacheKey);
  }

  /** The copy that may answer now. */
  usable(cacheKey: string): Copy | undefined {
    const copy = this.#copies.get(cacheKey);
    if (copy === undefined || this.#writing.has(cacheKey) || !this.#isKnown(copy)) return undefined;
    return this.#tooOld.size > 0 && copy.nth <= (this.#tooOld.get(primaryOf(cacheKey)) ?? 0)
      ? undefined
      : copy;
  }

  /** Begins to read the far store. */
  begin(cacheKey: string): Reading {
    this.#begun++;
    const reading: Reading = {
      nth: this.#begun,
      startedAt: this.#now(),
      hearing: this.#hearing,
      isCurrent: true,
      isCopying: false,
    };
    const others = this.#readings.get(cacheKey);
    if (others === undefined) this.#readings.set(cacheKey, new Set([reading]));
    else others.add(reading);
    return reading;
  }

  /** Whether a reading may make the copy, which one at a time does. */
  mayCopy(cacheKey: string, reading: Reading): boolean {
    const others = this.#readings.get(cacheKey) ?? new Set();
    if (!reading.isCurrent || [...others].some(({ isCopying }) => isCopying)) return false;
    reading.isCopying = true;
    return true;
  }

  /** Ends a reading. */
  end(cacheKey: string, reading: Reading): void {
    const others = this.#readings.get(cacheKey);
    if (others === undefined) return;
    others.delete(reading);
    if (others.size === 0) this.#readings.delete(cacheKey);
  }

  /** Takes a copy up, unless something was written since it was read. Gives whether it did. */
  keep(cacheKey: string, reading: Reading, copy: Copy): boolean {
    if (!reading.isCurrent) return false;
    const { nth, startedAt: comparedAt, hearing } = reading;
    this.#copies.set(cacheKey, { ...copy, nth, comparedAt, hearing });
    return true;
  }

  /** A reading found what the copy is of. */
  confirm(cacheKey: string, reading: Reading): void {
    const copy = this.#copies.get(cacheKey);
    if (copy === undefined || !reading.isCurrent) return;
    copy.nth = reading.nth;
    copy.comparedAt = reading.startedAt;
    copy.hearing = reading.hearing;
  }

  /** Drops a copy that is of something else than what is stored. */
  discard(cacheKey: string): void {
    this.#copies.delete(cacheKey);
  }

  /** Drops a copy, and whatever is being read to make one. */
  forget(cacheKey: string): void {
    this.#overtake(cacheKey);
    this.#copies.delete(cacheKey);
  }

  /** Drops all copies. */
  forgetAll(): void {
    for (const cacheKey of this.#readings.keys()) this.#overtake(cacheKey);
    this.#copies.clear();
  }

  /** Has every copy for a target URI compared before it answers again. */
  distrustFor(primary: string): void {
    this.#tooOld.set(primary, this.#begun);
  }

  /** Has every copy compared before it answers again. */
  distrustAll(): void {
    for (const cacheKey of this.#readings.keys()) this.#overtake(cacheKey);
    for (const copy of this.#copies.values()) distrust(copy);
  }

  /**
   * Keeps copies of a key from answering until the returned function is called. What was copied before then is dropped: there is
   * no saying which of the two was read.
   */
  beginWrite(cacheKey: string): () => void {
    this.#writing.set(cacheKey, (this.#writing.get(cacheKey) ?? 0) + 1);
    return () => {
      const others = (this.#writing.get(cacheKey) ?? 1) - 1;
      if (others === 0) this.#writing.delete(cacheKey);
      else this.#writing.set(cacheKey, others);
      this.forget(cacheKey);
    };
  }

  /** Listens no more. */
  close(): void {
    for (const end of this.#endings.splice(0)) end();
    this.#hearing = undefined;
  }

  #isKnown({ comparedAt, hearing }: KnownCopy): boolean {
    const isTold = this.#isPrivate || (hearing !== undefined && hearing === this.#hearing);
    const most = isTold ? Math.max(COMPARE_AFTER_MS, this.#maxStaleMs) : this.#maxStaleMs;
    const age = this.#now() - comparedAt;
    return age >= 0 && age < most;
  }

  #changed(change: Change): void {
    switch (change.kind) {
      case 'key':
        this.#suspect(change.cacheKey);
        break;
      case 'all':
        this.distrustAll();
        break;
      case 'lost':
        this.#hearing = undefined;
        break;
      case 'found':
        this.#spans++;
        this.#hearing = this.#spans;
        break;
      default:
        assertNever(change);
    }
  }

  /** Not dropped: it may be this process's own write that comes back. */
  #suspect(cacheKey: string): void {
    this.#overtake(cacheKey);
    const copy = this.#copies.peek(cacheKey);
    if (copy !== undefined) distrust(copy);
  }

  #overtake(cacheKey: string): void {
    for (const reading of this.#readings.get(cacheKey) ?? []) reading.isCurrent = false;
    this.#readings.delete(cacheKey);
  }
}

function distrust(copy: KnownCopy): void {
  copy.comparedAt = Number.NEGATIVE_INFINITY;
}
