import fs from 'fs-extra';
import { absentAsUndefined } from '../files/file-access.ts';
import { groupOf } from '../format/layout.ts';
import { ownedBody, readCurrent, type CurrentEntry, type StoreParts } from '../store-parts.ts';
import { blockBytes } from '../limits/totals.ts';

/**
 * Removes an entry: first its file, so that nobody finds it any more, then its body.
 *
 * @returns `false` when there is none, or `condition` does not hold for it.
 */
export async function removeEntry(
  parts: StoreParts,
  keyHash: string,
  condition: (current: CurrentEntry) => boolean = () => true,
): Promise<boolean> {
  return await parts.locks.change(keyHash, async () => {
    const current = await readCurrent(parts, keyHash);
    if (current === undefined || !condition(current)) return false;
    await fs.unlink(parts.layout.entry(keyHash)).catch(absentAsUndefined);
    parts.reader.forget(keyHash);
    parts.uses.forget(keyHash);
    const body = ownedBody(keyHash, current.entry);
    const freed = body === undefined ? 0 : await parts.bodies.remove(body);
    parts.evictor.changed(groupOf(keyHash), { bytes: -blockBytes(current.stats.size) - freed, entries: -1 });
    return true;
  });
}
