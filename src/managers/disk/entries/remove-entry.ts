import fs from 'fs-extra';
import { absentAsUndefined, asyncAccess } from '../files/file-access.ts';
import { linkNew } from '../files/link-new.ts';
import { groupOf, newGeneration } from '../format/layout.ts';
import { blockBytes } from '../limits/usage.ts';
import { ownedBody, readCurrent, type CurrentEntry, type StoreParts } from '../store-parts.ts';

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
    if (!(await takeAway(parts, keyHash, current))) return false;
    parts.reader.forget(keyHash);
    parts.uses.forget(keyHash);
    const body = ownedBody(keyHash, current.entry);
    const freed = body === undefined ? 0 : await parts.bodies.remove(body);
    parts.evictor.changed(groupOf(keyHash), { bytes: -blockBytes(current.stats.size) - freed, entries: -1 });
    return true;
  });
}

/**
 * Takes the very file away that was read. A name cannot be removed on condition of what it stands for, so it is made
 * another, that of an unpublished file; what turns out to be newer is put back, unless something newer still has come.
 */
async function takeAway(
  { layout, options }: StoreParts,
  keyHash: string,
  { stats }: CurrentEntry,
): Promise<boolean> {
  const path = layout.entry(keyHash);
  const aside = layout.temporary(keyHash, newGeneration(options.clock.now()));
  const taken = await fs.rename(path, aside).then(() => true, absentAsUndefined);
  if (taken === undefined) return false;
  const found = await asyncAccess.stat(aside);
  const isSame = found?.ino === stats.ino && found.dev === stats.dev;
  if (!isSame && found !== undefined && (await linkNew(aside, path)) === 'impossible') {
    await fs.rename(aside, path);
    return false;
  }
  await fs.unlink(aside).catch(absentAsUndefined);
  return isSame;
}
