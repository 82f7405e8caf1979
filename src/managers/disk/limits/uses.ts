import { lutimes } from 'node:fs/promises';
import type { DiskClock } from '../disk-options.ts';
import { absentAsUndefined } from '../files/file-access.ts';
import type { Layout } from '../format/layout.ts';

/** How long a use may go unwritten, in milliseconds: others do not know of it, and a killed process forgets it. */
const FLUSH_AFTER = 2_000;

/** The most uses that are remembered; then they are written early. */
const MOST_PENDING = 8_192;

/** Files that are touched at once. */
const PARALLEL = 16;

/**
 * When entries were used: the time of modification of their files, in seconds, which is the order of eviction. A hit only
 * notes its use here; it is written later, all at once.
 */
export class Uses {
  readonly #layout: Layout;
  readonly #clock: DiskClock;
  #pending = new Map<string, number>();
  #writing: ReadonlyMap<string, number> = new Map();
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> | undefined;
  #last = 0;

  constructor(layout: Layout, clock: DiskClock) {
    this.#layout = layout;
    this.#clock = clock;
  }

  /** A time of use, later than all before it also within one tick of the clock. */
  stamp(): number {
    this.#last = Math.max(this.#last + 1, Math.round(this.#clock.now() * 1_000));
    // The half keeps a microsecond that a binary fraction cannot hold from being cut down to the one before.
    return (this.#last + 0.5) / 1e6;
  }

  /** Notes that an entry is used now. */
  note(keyHash: string): void {
    if (this.#pending.size >= MOST_PENDING) {
      // Noted faster than written: what is used that often will be noted again.
      if (this.#flushing !== undefined) return;
      void this.flush();
    }
    this.#pending.set(keyHash, this.stamp());
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_AFTER).unref();
  }

  /** Whether an entry has a use that its file does not tell yet. */
  isPending(keyHash: string): boolean {
    return this.#pending.has(keyHash) || this.#writing.has(keyHash);
  }

  /** Forgets the use of an entry that is gone, or that has just been written anew. */
  forget(keyHash: string): void {
    this.#pending.delete(keyHash);
  }

  /** Forgets all that is not written. */
  clear(): void {
    this.#pending.clear();
  }

  /** Writes what is noted. Never rejects: a lost use only means an earlier eviction. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#flushing !== undefined) await this.#flushing;
    if (this.#pending.size === 0) return;
    this.#writing = this.#pending;
    this.#pending = new Map();
    this.#flushing = this.#write(this.#writing)
      .catch(() => {})
      .finally(() => {
        this.#writing = new Map();
        this.#flushing = undefined;
      });
    await this.#flushing;
  }

  async #write(uses: ReadonlyMap<string, number>): Promise<void> {
    const queue = uses.entries();
    const touchNext = async (): Promise<void> => {
      for (const [keyHash, seconds] of queue) {
        await lutimes(this.#layout.entry(keyHash), seconds, seconds).catch(absentAsUndefined);
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, touchNext));
  }
}
