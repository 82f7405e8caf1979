import type { ResolvedDiskOptions } from '../disk-options.ts';
import type { FreeSpace } from './free-space.ts';
import type { Totals } from './totals.ts';
import type { Usage } from './usage.ts';

/** Older formats take no more than this part of the limits away, so that there is room for the present one beside them. */
const OLDER_PART = 1 / 2;

/** Tells what may be stored. */
export class Limits {
  readonly #options: ResolvedDiskOptions;
  readonly #totals: Totals;
  readonly #space: FreeSpace;

  constructor(options: ResolvedDiskOptions, totals: Totals, space: FreeSpace) {
    this.#options = options;
    this.#totals = totals;
    this.#space = space;
  }

  /** Whether something fits in beside all that is stored. */
  fits({ bytes, entries }: Usage): boolean {
    const stored = this.#totals.stored();
    const held = this.#totals.held();
    return (
      stored.entries + held.entries + entries <= this.#options.maxEntries &&
      stored.bytes + this.#apart() + held.bytes + bytes <= this.#options.maxSize &&
      (bytes <= 0
        ? this.#space.canReplace()
        : this.#space.has({ bytes: held.bytes + bytes, entries: held.entries + entries }))
    );
  }

  /** Whether it fits once nothing is stored: else evicting would empty the store and be of no use. */
  fitsAlone({ bytes, entries }: Usage): boolean {
    const stored = this.#totals.stored();
    const held = this.#totals.held();
    const needed = { bytes: held.bytes + bytes, entries: held.entries + entries };
    return (
      needed.entries <= this.#options.maxEntries &&
      this.#apart() + needed.bytes <= this.#options.maxSize &&
      this.#space.has({ bytes: needed.bytes - stored.bytes, entries: needed.entries - stored.entries })
    );
  }

  /** What takes of the limits and cannot be evicted, beside what is held. */
  #apart(): number {
    const most = this.#options.maxSize * OLDER_PART;
    return this.#totals.others() + Math.min(this.#totals.older(), most);
  }
}
