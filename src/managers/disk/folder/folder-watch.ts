import type { Stats } from 'node:fs';
import { andThen } from '../../and-then.ts';
import type { MaybePromise } from '../../manager.ts';
import type { ReadMode } from '../files/read-mode.ts';
import type { Layout } from '../format/layout.ts';
import type { StoreFolder } from './store-folder.ts';

/** What watching works with. */
export interface FolderWatchParts {
  readonly layout: Layout;
  readonly folder: StoreFolder;
  readonly mode: ReadMode;
  /** Called when the store is gone, or another lies in its place: what is known is about what is no more. */
  readonly onGone: () => void;
  /** Called when it was made anew. */
  readonly onMade: () => void;
}

/**
 * Tells one folder of entries from the next. Clearing puts a new one in its place, so what was begun in the one before is
 * not to be stored; and somebody may remove the whole store under the feet of all who use it.
 */
export class FolderWatch {
  readonly #parts: FolderWatchParts;
  #entries: Stats | undefined;
  #root: Stats | undefined;

  constructor(parts: FolderWatchParts) {
    this.#parts = parts;
  }

  /**
   * The folder of entries that a change begins in. Where there is none, the store is made anew with all that belongs there.
   *
   * @throws HttpCacheError with `ERR_HTTP_CACHE_MANAGER` when it cannot be made.
   */
  current(): MaybePromise<Stats | undefined> {
    this.#parts.folder.prepareForChange();
    return andThen(this.look(), (found) => {
      if (found !== undefined) return found;
      this.#parts.folder.prepareAgain();
      this.#parts.onMade();
      return this.look();
    });
  }

  /** The folder of entries that is there now, if there is one. */
  look(): MaybePromise<Stats | undefined> {
    const { layout, mode } = this.#parts;
    const found = mode.run((files) => files.stat(layout.metadata));
    return andThen(found, (entries) => {
      if (entries !== undefined && isOne(entries, this.#entries)) return entries;
      const above = mode.run((files) => files.stat(layout.root));
      return andThen(above, (root) => {
        const isGone = this.#root !== undefined && !isOne(this.#root, root);
        this.#root = root;
        this.#entries = entries;
        if (isGone) this.#parts.onGone();
        return entries;
      });
    });
  }

  /** Whether the folder of entries still is this one. */
  isStill(before: Stats | undefined): MaybePromise<boolean> {
    return andThen(this.look(), (now) => before !== undefined && isOne(before, now));
  }
}

/** Whether both are of one folder. Its number alone does not tell: it may be given to the next one that is made. */
function isOne(a: Stats, b: Stats | undefined): boolean {
  if (a.ino !== b?.ino || a.dev !== b.dev) return false;
  return a.birthtimeMs === b.birthtimeMs || (hasNoBirth(a) && hasNoBirth(b));
}

/** Where the system knows no times of birth, it gives that of the last change in its stead. */
function hasNoBirth({ birthtimeMs, ctimeMs }: Stats): boolean {
  return birthtimeMs === ctimeMs;
}
