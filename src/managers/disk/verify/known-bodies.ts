import type { Stats } from 'node:fs';
import { LRUCache } from 'lru-cache';

/** The most bodies that are remembered; what is forgotten is read once more. */
const MOST = 65_536;

/**
 * The digests of files with several names, so that each file is read once. It is told by its number, its size and its time
 * of modification.
 */
export class KnownBodies {
  readonly #digests = new LRUCache<string, string>({ max: MOST });

  /** The digest of a file; `undefined` when it is not known. */
  get(stats: Stats): string | undefined {
    return this.#digests.get(nameOf(stats));
  }

  /** Remembers the digest of a file, if it can be met again under another name. */
  set(stats: Stats, digest: string): void {
    if (stats.nlink > 1) this.#digests.set(nameOf(stats), digest);
  }
}

function nameOf({ dev, ino, size, mtimeMs }: Stats): string {
  return `${dev}:${ino}:${size}:${mtimeMs}`;
}
