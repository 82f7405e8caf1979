import { HttpCacheError } from '../../../errors.ts';
import type { EntryRecord } from '../format/entry-record.ts';
import { keyHash } from '../format/layout.ts';
import { removeEntry } from './remove-entry.ts';
import type { StoreParts } from '../store-parts.ts';
import type { StoredOnDisk } from './stored-on-disk.ts';

/** Removes, in the background, an entry whose body is gone, unless it was replaced by now. */
export function dropDangling(parts: StoreParts, { cacheKey, revision }: EntryRecord): void {
  // Left where it is, it is a miss all the same.
  removeEntry(parts, keyHash(cacheKey), ({ entry }) => entry?.revision === revision).catch(() => {});
}

/** Removes an entry whose body is not what was stored, and gives the error that says so. */
export async function dropCorrupt(
  parts: StoreParts,
  { cacheKey, separate }: StoredOnDisk,
): Promise<HttpCacheError> {
  if (separate !== undefined) {
    const { generation, digest } = separate;
    await parts.bodies.disown(digest);
    await removeEntry(parts, keyHash(cacheKey), ({ entry }) => entry?.separate?.generation === generation);
  }
  return new HttpCacheError(
    'ERR_HTTP_CACHE_CORRUPT_ENTRY',
    `The stored body for ${JSON.stringify(cacheKey)} is not what was stored, so the entry is dropped`,
  );
}
