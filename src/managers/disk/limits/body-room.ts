import type { ResolvedDiskOptions } from '../disk-options.ts';
import type { Evictor } from './evictor.ts';
import { noRoom } from './no-room.ts';
import { blockBytes } from './usage.ts';

/** Room is made in steps of so many bytes at least, or of this part of the limit where that is less. */
const STEP = 1024 * 1024;
const STEP_PART = 1 / 64;

/** The least that the entry file of a body takes. */
const ENTRY_FILE = blockBytes(1);

/** The room of one body on its way into a file. It is held before bytes are written, so they count while they come. */
export class BodyRoom {
  readonly #evictor: Evictor;
  readonly #maxSize: number;
  readonly #announced: number;
  #held = 0;
  #filled = 0;

  /** Makes none yet. `announced` is the length of the body, where known. */
  constructor(evictor: Evictor, { maxSize }: ResolvedDiskOptions, announced: number = 0) {
    this.#evictor = evictor;
    this.#maxSize = maxSize;
    this.#announced = announced;
  }

  /** How long a body may be that has this room. */
  get size(): number {
    return this.#held;
  }

  /** Whether a body of that length has its room. */
  suffices(size: number): boolean {
    return size <= this.#held;
  }

  /**
   * Makes room for a body of that length at least, and for some of what is still to come. A length that is only announced
   * takes no more than as much again as has come, so what never comes puts little out; what can never fit is refused at once.
   *
   * @throws HttpCacheError with `ERR_HTTP_CACHE_ENTRY_TOO_LARGE` when there is none.
   */
  async grow(size: number): Promise<void> {
    const whole = blockBytes(Math.max(size, this.#announced));
    const most = this.#maxSize - ENTRY_FILE;
    if (whole > most) throw noRoom(whole);
    const step = Math.min(STEP, this.#maxSize * STEP_PART);
    const wanted =
      size <= this.#announced
        ? Math.min(blockBytes(size + Math.max(step, size)), whole)
        : Math.min(whole + blockBytes(step), most);
    const isFirst = this.#held === 0 && wanted < whole;
    await this.#evictor.reserveBody(wanted - this.#held, isFirst ? whole : undefined);
    this.#held = wanted;
  }

  /** Counts what came into the room. */
  fill(bytes: number): void {
    this.#filled += bytes;
    this.#evictor.fillBody(bytes);
  }

  /** Gives back what a body of that length, now known, does not need. */
  shrink(size: number): void {
    const rest = this.#held - blockBytes(size);
    this.#held -= rest;
    this.#evictor.releaseBody(rest, 0);
  }

  /** Gives all of it back: the body is counted as stored, or gone. Again, it does nothing. */
  release(): void {
    this.#evictor.releaseBody(this.#held, this.#filled);
    this.#held = 0;
    this.#filled = 0;
  }
}
