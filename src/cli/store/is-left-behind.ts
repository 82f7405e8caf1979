import { indexKeyOf } from '../../core/cache-key.ts';
import type { ResponsePolicy } from '../../core/policy-types.ts';
import { isUnreadable, syncAccess, type FileSnapshot } from '../../managers/disk/files/file-access.ts';
import { decodeEntry } from '../../managers/disk/format/entry-record.ts';
import { keyHash, type Layout } from '../../managers/disk/format/layout.ts';

/**
 * Whether a variant can no longer be found, as its target URI was invalidated since it was stored: only the index of the
 * URI leads to its variants, by its epoch. The index is read past the manager, to which a look-up would be a use.
 */
export async function isLeftBehind(
  layout: Layout,
  cacheKey: string,
  policy: ResponsePolicy,
): Promise<boolean> {
  const indexKey = indexKeyOf(cacheKey);
  if (indexKey === cacheKey) return false;
  const file = await readIfPossible(layout.entry(keyHash(indexKey)));
  const index = file && decodeEntry(file.bytes);
  return index?.cacheKey !== indexKey || index.policy.kind !== 'index' || index.policy.epoch !== policy.epoch;
}

/** What can never be read leads nowhere, and must not end the walk. */
async function readIfPossible(path: string): Promise<FileSnapshot | undefined> {
  try {
    return await syncAccess.read(path);
  } catch (error) {
    if (isUnreadable(error)) return undefined;
    throw error;
  }
}
