import type cacachePackage from 'cacache';
import { isLine, isOurLine, type Line } from './stored-lines.ts';

type Cacache = typeof cacachePackage;

/** What a folder may hold. */
export interface Limits {
  readonly maxSize: number;
  readonly maxEntries: number;
}

/** What a folder holds of ours. */
export interface Held {
  readonly entries: number;
  readonly bytes: number;
}

/** How much content that lost its entry is left lying before a listing tells whether others use it. */
const mostLoose = 64;

/** To how much of a limit a folder is emptied, so that not every put has to list it. */
const target = 0.9;

/**
 * Keeps a cacache within limits. cacache knows none, so they are kept here: puts are counted, and when the count comes to
 * a limit the index is listed, and what was stored longest ago goes first. The count errs on the high side, because a put
 * in place of another counts twice until the next listing.
 */
export class CacacheLimits {
  /** Entries taken out to stay within the limits. */
  evictions = 0;
  readonly #path: string;
  readonly #limits: Limits;
  #counted: Held | undefined;
  readonly #loose = new Set<string>();
  #work: Promise<unknown> = Promise.resolve();

  constructor(path: string, limits: Limits) {
    this.#path = path;
    this.#limits = limits;
  }

  /** Makes room for an entry that is about to be stored. One caller at a time: the others wait. */
  reserve(cacache: Cacache, bytes: number): Promise<void> {
    const done = this.#work.then(() => this.#reserve(cacache, bytes));
    this.#work = done.catch(() => undefined);
    return done;
  }

  /** Notes content that an entry does not need any more; it goes once it is known that no other one does. */
  loosen(integrity: string): void {
    this.#loose.add(integrity);
  }

  /** Counts again with the next put. */
  forget(): void {
    this.#counted = undefined;
    this.#loose.clear();
  }

  /** What is held of ours, by the index. */
  async held(cacache: Cacache): Promise<Held> {
    return total((await this.#lines(cacache)).filter(isOurLine));
  }

  async #reserve(cacache: Cacache, bytes: number): Promise<void> {
    const { maxSize, maxEntries } = this.#limits;
    let counted = this.#counted ?? (await this.held(cacache));
    if (counted.entries + 1 > maxEntries || counted.bytes + bytes > maxSize) {
      counted = await this.#makeRoom(cacache, {
        entries: Math.min(maxEntries - 1, Math.floor(maxEntries * target)),
        bytes: Math.min(maxSize - bytes, maxSize * target),
      });
    } else if (this.#loose.size > mostLoose) {
      counted = await this.#makeRoom(cacache, { entries: maxEntries, bytes: maxSize });
    }
    this.#counted = { entries: counted.entries + 1, bytes: counted.bytes + bytes };
  }

  async #makeRoom(cacache: Cacache, goal: Held): Promise<Held> {
    const lines = await this.#lines(cacache);
    const ours = lines.filter(isOurLine).toSorted((a, b) => a.time - b.time);
    const uses = new Map<string, number>();
    for (const { integrity } of lines) uses.set(integrity, (uses.get(integrity) ?? 0) + 1);
    for (const integrity of this.#loose) {
      if (!uses.has(integrity)) await cacache.rm.content(this.#path, integrity);
    }
    this.#loose.clear();
    let { entries, bytes } = total(ours);
    for (const { key, integrity, size } of ours) {
      if (entries <= goal.entries && bytes <= goal.bytes) break;
      await removeEntry(cacache, this.#path, key);
      const left = (uses.get(integrity) ?? 1) - 1;
      uses.set(integrity, left);
      // What others use too stays; were it put again just now, that entry is a miss.
      if (left === 0) await cacache.rm.content(this.#path, integrity);
      entries -= 1;
      bytes -= size;
      this.evictions += 1;
    }
    return { entries, bytes };
  }

  async #lines(cacache: Cacache): Promise<Line[]> {
    // Its types take the lines of the stream for the object that `ls` gives.
    const stream: AsyncIterable<unknown> = cacache.ls.stream(this.#path);
    const lines: Line[] = [];
    for await (const line of stream) if (isLine(line)) lines.push(line);
    return lines;
  }
}

/** Removes a line of the index; without the option, which its types lack, cacache only marks it as removed. */
export async function removeEntry(cacache: Cacache, path: string, key: string): Promise<void> {
  const remove: (path: string, key: string, options: { readonly removeFully: true }) => Promise<unknown> =
    cacache.rm.entry;
  await remove(path, key, { removeFully: true });
}

function total(lines: readonly Line[]): Held {
  return { entries: lines.length, bytes: lines.reduce((sum, { size }) => sum + size, 0) };
}
