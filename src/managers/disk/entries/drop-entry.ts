import { HttpCacheError } from '../../../errors.ts';
import { keyHash } from '../format/layout.ts';
import { removeEntry } from './remove-entry.ts';
import type { CurrentEntry, StoreParts } from '../store-parts.ts';
import type { Damage } from './entry-reader.ts';
import type { StoredOnDisk } from './stored-on-disk.ts';

/** What is said of each part of an entry that can be damaged. */
const FAULTS: Readonly<Record<Damage['part'], string>> = {
  disk: 'The entry file for %s cannot be read',
  file: 'The entry file for %s cannot be decoded',
  key: "The entry file for %s is another key's",
  body: 'The stored body for %s is gone or has another size',
};

/**
 * Removes, in the background, an entry that a look-up found to be damaged, unless its file was changed or replaced by now.
 * Gives the error that says so.
 */
export function dropDamaged(
  parts: StoreParts,
  { cacheKey, part, stats }: Damage & { readonly cacheKey: string },
): HttpCacheError {
  const isUnchanged = ({ stats: now }: CurrentEntry): boolean =>
    now.ino === stats.ino && now.size === stats.size && now.mtimeMs === stats.mtimeMs;
  // Left where it is, it is a miss all the same.
  removeEntry(parts, keyHash(cacheKey), isUnchanged).catch(() => {});
  return corruptEntry(FAULTS[part], cacheKey);
}

/** Removes an entry whose body is not what was stored, and gives the error that says so. */
export async function dropCorrupt(
  parts: StoreParts,
  { cacheKey, separate }: StoredOnDisk,
): Promise<HttpCacheError> {
  if (separate !== undefined) {
    const { generation, digest } = separate;
    await parts.bodies.disown(digest);
    const isOfBody = ({ entry }: CurrentEntry): boolean => entry?.separate?.generation === generation;
    // Left where it is, it is found damaged again.
    await removeEntry(parts, keyHash(cacheKey), isOfBody).catch(() => {});
  }
  return corruptEntry('The stored body for %s is not what was stored', cacheKey);
}

function corruptEntry(fault: string, cacheKey: string): HttpCacheError {
  return new HttpCacheError(
    'ERR_HTTP_CACHE_CORRUPT_ENTRY',
    `${fault.replace('%s', () => JSON.stringify(cacheKey))}, so the entry is dropped`,
  );
}
