import { indexKeyOf } from '../../core/cache-key.ts';
import { underGroups, underIndex } from '../../core/marked-stale.ts';
import type { IndexPolicy, ResponsePolicy } from '../../core/policy-types.ts';
import { isUnreadable, syncAccess, type FileSnapshot } from '../../managers/disk/files/file-access.ts';
import { decodeEntry } from '../../managers/disk/format/entry-record.ts';
import { keyHash, type Layout } from '../../managers/disk/format/layout.ts';

/**
 * A stored response's policy as it counts now; `undefined` where no request finds it any more, as its target URI or a group of
 * it was invalidated since it was stored: only the index of the URI leads to its variants, by its epoch. What tells of that
 * is read past the manager, to which a look-up would be a use.
 */
export async function countingPolicy(
  layout: Layout,
  { cacheKey, policy }: { readonly cacheKey: string; readonly policy: ResponsePolicy },
  now: number,
): Promise<ResponsePolicy | undefined> {
  const indexKey = indexKeyOf(cacheKey);
  const index = indexKey === cacheKey ? undefined : await readIndex(layout, indexKey);
  if (indexKey !== cacheKey && index?.epoch !== policy.epoch) return undefined;
  const records = await Promise.all((policy.groups ?? []).map(async ([key]) => readIndex(layout, key)));
  return underGroups(
    underIndex(policy, index, () => now),
    records,
  );
}

async function readIndex(layout: Layout, key: string): Promise<IndexPolicy | undefined> {
  const file = await readIfPossible(layout.entry(keyHash(key)));
  const entry = file && decodeEntry(file.bytes);
  return entry?.cacheKey === key && entry.policy.kind === 'index' ? entry.policy : undefined;
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
