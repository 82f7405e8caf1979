import fs from 'fs-extra';
import { absentAsUndefined, asyncAccess } from '../files/file-access.ts';
import { linkNew } from '../files/link-new.ts';
import { groupOf, newGeneration } from '../format/layout.ts';
import { blockBytes } from '../limits/usage.ts';
import { ownedBody, readCurrent, type CurrentEntry, type StoreParts } from '../store-parts.ts';
import { OpenEntry } from './open-entry.ts';

/**
 * Removes an entry: first its file, so that nobody finds it any more, then its body.
 *
 * @returns `false` when there is none, or `condition` does not hold for it, or another process was about to replace it:
 * then that one does away with its body, or goes on using it.
 */
export async function removeEntry(
  parts: StoreParts,
  keyHash: string,
  condition?: (current: CurrentEntry) => boolean,
): Promise<boolean> {
  return await parts.locks.change(keyHash, async () => {
    const current = await readCurrent(parts, keyHash);
    if (current === undefined || condition?.(current) === false) return false;
    const taken = await takeAway(parts, keyHash, condition && current);
    if (taken === undefined) return false;
    parts.reader.forget(keyHash);
    parts.uses.forget(keyHash);
    if (await isClaimed(parts, keyHash, taken)) return false;
    const body = ownedBody(keyHash, taken.entry);
    const freed = body === undefined ? 0 : await parts.bodies.remove(body);
    parts.evictor.changed(groupOf(keyHash), { bytes: -blockBytes(taken.stats.size) - freed, entries: -1 });
    return true;
  });
}

/** Removes an entry, if a token is given only when its revision is that one. */
export async function removeRevision(
  parts: StoreParts,
  keyHash: string,
  token: string | undefined,
): Promise<boolean> {
  return await removeEntry(parts, keyHash, token === undefined ? undefined : isRevision);

  function isRevision({ entry }: CurrentEntry): boolean {
    return entry?.revision === token;
  }
}

/** Whether another process is about to replace what was taken away. Is the file of its claim gone, it is not. */
async function isClaimed({ layout }: StoreParts, keyHash: string, { entry }: CurrentEntry): Promise<boolean> {
  if (entry?.claim === undefined) return false;
  return (await asyncAccess.stat(layout.temporary(keyHash, entry.claim))) !== undefined;
}

/**
 * Takes the file of an entry away; `only` that very one where it is given. A name cannot be removed on condition of what
 * it stands for, so it is made another, that of an unpublished file; what turns out to be newer is put back, unless
 * something newer still has come. Gives what the file says once it has no name, as a claim may have come until then.
 */
async function takeAway(
  { layout, options, mode }: StoreParts,
  keyHash: string,
  only: CurrentEntry | undefined,
): Promise<CurrentEntry | undefined> {
  const path = layout.entry(keyHash);
  const aside = layout.temporary(keyHash, newGeneration(options.clock.now()));
  const taken = await fs.rename(path, aside).then(() => true, absentAsUndefined);
  if (taken === undefined) return undefined;
  const open = await OpenEntry.open(mode, aside);
  if (open === 'absent') return undefined;
  try {
    const found = open === 'unusable' ? only : await open.read();
    if (only !== undefined && !isSameFile(found, only)) {
      await putBack(aside, path);
      return undefined;
    }
    await fs.unlink(aside).catch(absentAsUndefined);
    return open === 'unusable' ? only : await open.read();
  } finally {
    if (open !== 'unusable') await open.close();
  }
}

async function putBack(aside: string, path: string): Promise<void> {
  if ((await linkNew(aside, path)) === 'impossible') await fs.rename(aside, path);
  else await fs.unlink(aside).catch(absentAsUndefined);
}

function isSameFile(a: CurrentEntry | undefined, b: CurrentEntry): boolean {
  return a?.stats.ino === b.stats.ino && a.stats.dev === b.stats.dev;
}
