import { randomUUID } from 'node:crypto';
import type { IndexPolicy, PrefixMark } from '../core/policy-types.ts';
import { isBelow } from '../core/url-prefix.ts';
import type { MaybePromise, StoredResponse } from '../managers/manager.ts';
import { ownUrl } from './index-head.ts';
import type { KeyedQueue } from './keyed-queue.ts';
import { andThen } from './maybe-promise.ts';
import { release } from './release.ts';
import { failed, type Failed, type Store } from './store.ts';

/** The key of the record. A URI never starts like it. */
const recordKey = 'http-larder:prefixes';

/** Of more, the oldest are forgotten, and what may be below them counts as invalidated. */
const mostMarks = 256;

/** How often a record is read anew that others write at the same time. */
const mostAttempts = 4;

/** For how many milliseconds what was read of the record is believed, by look-ups in a store that cannot be listed. */
const believedMs = 1000;

/** What a process knows of the marks on prefixes in a store. */
export class MarkMemory {
  /** In order; the last one has the highest number. */
  marks: readonly PrefixMark[] = [];
  /** When the record was last read, by the process's own clock; `undefined` for never. */
  readAt: number | undefined;
  /** Marks whose responses are still in the store, as it is being gone through, or could not be. */
  readonly pending: Set<PrefixMark> = new Set();

  /** The number of the last mark; 0 for none. */
  get last(): number {
    return this.marks.at(-1)?.nth ?? 0;
  }

  /** Minds a mark until its responses are gone, and no more those that it holds for as well. */
  keep(pending: PrefixMark): void {
    const { prefix, isStale, at } = pending;
    for (const earlier of this.pending) {
      const isIncluded = earlier.prefix === prefix && earlier.isStale === isStale && earlier.at <= at;
      if (isIncluded) this.pending.delete(earlier);
    }
    this.pending.add(pending);
  }

  /** Forgets all of them: nothing is stored any more. */
  clear(): void {
    this.pending.clear();
  }
}

/** What is asked about a response. */
export interface Marked {
  readonly primary: string;
  /** The number of the last mark that was known as it was asked for. */
  readonly marksSeen: number;
  /** When it was asked for, in milliseconds since 1970. */
  readonly requestTime: number;
}

/**
 * Prefixes of URLs below which everything was invalidated, or marked as stale: one record in the store. They are numbered,
 * so that within one tick of the clock it is known what came before. Where the manager can list what it has, that is gone through, and the record
 * only keeps out what other processes asked for before; where it cannot, look-ups go by the record.
 */
export class PrefixMarks {
  readonly #store: Store;
  readonly #writes: KeyedQueue;
  readonly #memory: MarkMemory;
  /** Whether look-ups have to mind the record. */
  readonly #isLookedUp: boolean;

  constructor(
    store: Store,
    writes: KeyedQueue,
    { memory, canList }: { readonly memory: MarkMemory; readonly canList: boolean },
  ) {
    this.#store = store;
    this.#writes = writes;
    this.#memory = memory;
    this.#isLookedUp = !canList;
  }

  /** Whether no mark can hold for anything that is stored, so that there is nothing to ask. */
  get areNone(): boolean {
    return !this.#isLookedUp && this.#memory.pending.size === 0;
  }

  /** The mark that holds for a stored response: the first one that invalidates, or else the first that makes it stale. */
  onStored(response: Marked): MaybePromise<PrefixMark | undefined> {
    if (!this.#isLookedUp) return this.#pendingOn(response);
    const { readAt } = this.#memory;
    const isKnown = readAt !== undefined && performance.now() - readAt < believedMs;
    if (isKnown) return this.#on(response);
    return andThen(this.#read(), (record) =>
      record === failed ? unknownMark(response) : this.#on(response),
    );
  }

  /** Whether a mark that this process knows of keeps a response out of the store. */
  isKnownOn(response: Marked): boolean {
    return this.#on(response) !== undefined;
  }

  /** Whether a mark keeps a response out of the store, as the store tells. */
  async isOn(response: Marked): Promise<boolean> {
    const record = await this.#read();
    return record === failed || this.isKnownOn(response);
  }

  /** Adds a mark to the record; `failed` where the store does not take it. */
  add(prefix: string, mark: Pick<PrefixMark, 'at' | 'isStale'>): Promise<PrefixMark | Failed> {
    return this.#writes.run(recordKey, async () => {
      for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
        const entry = await this.#store.get(recordKey);
        if (entry === failed) return failed;
        release(entry);
        const marks = withMarks(this.#memory.marks, marksIn(entry));
        // Never below what a record had that the store lost.
        const nth = Math.max((marks.at(-1)?.nth ?? 0) + 1, Math.floor(mark.at));
        const added: PrefixMark = { nth, prefix, ...mark };
        const policy: IndexPolicy = {
          v: 1,
          kind: 'index',
          id: randomUUID(),
          epoch: recordKey,
          invalidatedAt: 0,
          sets: [],
          prefixes: [...marks, added].slice(-mostMarks),
        };
        const write = { url: ownUrl, policy, mayAdd: () => true };
        const written = await this.#store.replaceByIndex(recordKey, entry, write);
        if (written === failed) return failed;
        if (!written) continue;
        this.#memory.marks = policy.prefixes ?? [];
        this.#memory.readAt = performance.now();
        return added;
      }
      return failed;
    });
  }

  #read(): MaybePromise<unknown> {
    return andThen(this.#store.get(recordKey), (entry) => {
      if (entry === failed) return failed;
      release(entry);
      this.#memory.marks = withMarks(this.#memory.marks, marksIn(entry));
      this.#memory.readAt = performance.now();
      return undefined;
    });
  }

  #on({ primary, marksSeen, requestTime }: Marked): PrefixMark | undefined {
    const { marks } = this.#memory;
    const [oldest] = marks;
    if (oldest === undefined) return undefined;
    // It may be below one of those that are forgotten.
    const mayHaveMissed = marks.length >= mostMarks && marksSeen < oldest.nth && requestTime <= oldest.at;
    if (mayHaveMissed) return { ...oldest, isStale: false };
    return firstOn(
      marks.filter(({ nth, at }) => nth > marksSeen && requestTime <= at),
      primary,
    );
  }

  #pendingOn({ primary, requestTime }: Marked): PrefixMark | undefined {
    const { pending } = this.#memory;
    if (pending.size === 0) return undefined;
    return firstOn(
      [...pending].filter(({ at }) => requestTime <= at),
      primary,
    );
  }
}

/** The mark for a response of which it cannot be told whether one holds for it: it is not used. */
function unknownMark({ primary, marksSeen, requestTime }: Marked): PrefixMark {
  return { nth: marksSeen, prefix: primary, at: requestTime, isStale: false };
}

function marksIn(entry: StoredResponse | undefined): readonly PrefixMark[] {
  return entry?.policy.kind === 'index' ? (entry.policy.prefixes ?? []) : [];
}

/** The marks that were known and those that a record has, in order: the store may have lost a record and begun another. */
function withMarks(known: readonly PrefixMark[], read: readonly PrefixMark[]): readonly PrefixMark[] {
  const isRead = new Set(read.map(nameOf));
  const lost = known.filter((mark) => !isRead.has(nameOf(mark)));
  return lost.length === 0 ? read : [...lost, ...read].toSorted((a, b) => a.nth - b.nth).slice(-mostMarks);
}

function nameOf({ nth, prefix }: PrefixMark): string {
  return `${nth} ${prefix}`;
}

function firstOn(marks: readonly PrefixMark[], primary: string): PrefixMark | undefined {
  const on = marks.filter(({ prefix }) => isBelow(primary, prefix));
  return on.find(({ isStale }) => !isStale) ?? on[0];
}
