import type { Stats } from 'node:fs';
import fs from 'fs-extra';
import { absentAsUndefined, asyncAccess } from '../files/file-access.ts';
import { linkNew } from '../files/link-new.ts';
import type { DecodedEntry } from '../format/entry-record.ts';
import { groupOf, newGeneration } from '../format/layout.ts';
import { blockBytes } from '../limits/usage.ts';
import { ownedBody, readIfPossible, type CurrentEntry, type StoreParts } from '../store-parts.ts';
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
  return await parts.locks.change(keyHash, async () => await removeInTurn(parts, keyHash, condition));
}

/** As {@link removeEntry}, for who is changing that entry already. */
export async function removeInTurn(
  parts: StoreParts,
  keyHash: string,
  condition?: (current: CurrentEntry) => boolean,
): Promise<boolean> {
  const current = await readIfPossible(parts, keyHash);
  if (current === undefined || condition?.(current) === false) return false;
  const taken = await takeAway(parts, keyHash, { current, isConditional: condition !== undefined });
  if (taken === undefined) return false;
  parts.reader.forget(keyHash);
  parts.uses.forget(keyHash);
  const freed = await removeBody(parts, keyHash, taken);
  if (freed === undefined) return false;
  parts.evictor.changed(groupOf(keyHash), { bytes: -blockBytes(taken.stats.size) - freed, entries: -1 });
  return true;
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

/**
 * Removes the body of an entry that was taken away, and gives the bytes that this frees; `undefined` when another process is
 * about to replace the entry, who sees to its body. The entry is gone, so nothing fails any more: what stays is found by its
 * name later.
 */
async function removeBody(
  parts: StoreParts,
  keyHash: string,
  { entry }: CurrentEntry,
): Promise<number | undefined> {
  try {
    if (await isClaimed(parts, keyHash, entry)) return undefined;
    const body = ownedBody(keyHash, entry);
    return body === undefined ? 0 : await parts.bodies.remove(body);
  } catch {
    return 0;
  }
}

/** Whether another process is about to replace what was taken away. Is the file of its claim gone, it is not. */
async function isClaimed(
  { layout }: StoreParts,
  keyHash: string,
  entry: DecodedEntry | undefined,
): Promise<boolean> {
  if (entry?.claim === undefined) return false;
  return (await asyncAccess.stat(layout.temporary(keyHash, entry.claim))) !== undefined;
}

/** What is to be taken away. */
interface Target {
  /** What lay there when it was looked at. */
  readonly current: CurrentEntry;
  /** Whether only that very file is to go. */
  readonly isConditional: boolean;
}

/**
 * Takes the file of an entry away. A name cannot be removed on condition of what it stands for, so it is made another, that
 * of an unpublished file; what turns out to be newer, or cannot be told from that, is put back, unless something newer still
 * has come. Gives what the file says once it has no name, as a claim may have come until then.
 */
async function takeAway(
  { layout, options, mode }: StoreParts,
  keyHash: string,
  { current, isConditional }: Target,
): Promise<CurrentEntry | undefined> {
  const path = layout.entry(keyHash);
  const aside = layout.temporary(keyHash, newGeneration(options.clock.now()));
  const taken = await fs.rename(path, aside).then(() => true, absentAsUndefined);
  if (taken === undefined) return undefined;
  const open = await OpenEntry.open(mode, aside).catch(() => 'unusable' as const);
  if (open === 'absent') return undefined;
  try {
    if (isConditional && !(await isSameFile(aside, current.stats))) {
      await putBack(aside, path);
      return undefined;
    }
    // Nobody finds it any more, so it is removed. What stays is found by its name later.
    await fs.unlink(aside).catch(() => {});
    return open === 'unusable' ? current : await lastOf(open, current);
  } finally {
    if (open !== 'unusable') await open.close().catch(() => {});
  }
}

async function lastOf(open: OpenEntry, current: CurrentEntry): Promise<CurrentEntry> {
  try {
    return await open.read();
  } catch {
    return current;
  }
}

async function putBack(aside: string, path: string): Promise<void> {
  if ((await linkNew(aside, path)) === 'impossible') await fs.rename(aside, path);
  else await fs.unlink(aside).catch(() => {});
}

async function isSameFile(path: string, stats: Stats): Promise<boolean> {
  try {
    const now = await asyncAccess.stat(path);
    return now?.ino === stats.ino && now.dev === stats.dev;
  } catch {
    return false;
  }
}
