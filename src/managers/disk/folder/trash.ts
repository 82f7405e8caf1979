import fs from 'fs-extra';
import { absentAsUndefined, asyncAccess, errorCode } from '../files/file-access.ts';
import { linkNew } from '../files/link-new.ts';
import { namesIn } from '../files/names-in.ts';
import { inFolder } from '../files/new-file.ts';
import {
  isGroupName,
  parseFileName,
  parseTrashName,
  type GroupsName,
  type Layout,
} from '../format/layout.ts';

/** Files that are removed at once. */
const PARALLEL = 16;

/**
 * Removes what was cleared, file by file and only what is ours by name and kind. All else goes back to where it was; what
 * something else lies in the place of by now stays. Several processes may do this at once, and each goes on where a killed
 * one stopped.
 */
export async function removeTrash(layout: Layout, signal?: AbortSignal): Promise<void> {
  for (const name of await namesIn(layout.root)) {
    const part = parseTrashName(name)?.part;
    if (part !== undefined) await emptyTrash(`${layout.root}/${name}`, { part, home: layout[part], signal });
  }
}

/** One folder of trash. */
interface Trash {
  readonly part: GroupsName;
  /** Where it was. */
  readonly home: string;
  readonly signal: AbortSignal | undefined;
}

async function emptyTrash(trash: string, { part, home, signal }: Trash): Promise<void> {
  for (const name of await namesIn(trash)) {
    if (signal?.aborted === true) return;
    const stats = await asyncAccess.stat(`${trash}/${name}`);
    // Taken for something foreign, what was cleared would come back.
    if (stats === undefined) continue;
    if (isGroupName(name) && stats.isDirectory())
      await removeGroup(`${trash}/${name}`, part, `${home}/${name}`);
    else await bringBack(`${trash}/${name}`, `${home}/${name}`);
  }
  await removeIfEmpty(trash);
}

/** Removes the files of ours that a group holds, and the folder; brings the others back to `home`, or leaves them. */
export async function removeGroup(folder: string, part: GroupsName, home: string | undefined): Promise<void> {
  const names = [...(await namesIn(folder))];
  for (let batch = names.splice(0, PARALLEL); batch.length > 0; batch = names.splice(0, PARALLEL)) {
    await Promise.all(batch.map(async (name) => await removeOne(name)));
  }
  await removeIfEmpty(folder);

  async function removeOne(name: string): Promise<void> {
    const path = `${folder}/${name}`;
    const stats = await asyncAccess.stat(path);
    if (stats === undefined) return;
    if (isOurs(name, part) && stats.isFile()) await removeFile(path);
    else if (home !== undefined) await bringBack(path, `${home}/${name}`);
  }
}

/** Whether a file in a group has a name of ours. */
export function isOurs(name: string, part: GroupsName): boolean {
  const kind = parseFileName(name)?.kind;
  return part === 'metadata' ? kind !== undefined : kind === 'entry';
}

/** Removes a file, unless it is gone. */
export async function removeFile(path: string): Promise<void> {
  await fs.unlink(path).catch(absentAsUndefined);
}

/** Removes a folder, unless something is in it or it is gone. */
export async function removeIfEmpty(folder: string): Promise<void> {
  try {
    await fs.rmdir(folder);
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
  }
}

/** Moves what is not ours back, unless something lies there. What another process moves at the same time is its business. */
async function bringBack(from: string, to: string): Promise<void> {
  await inFolder(to, async () => await moveUnlessTaken(from, to)).catch(absentAsUndefined);
}

async function moveUnlessTaken(from: string, to: string): Promise<void> {
  // A plain file is linked, as that can overwrite nothing. Of a link it may be the target that gets the name.
  const stats = await asyncAccess.stat(from);
  if (stats?.isFile() === true && (await linkNew(from, to)) === 'linked') await removeFile(from);
  else if ((await asyncAccess.stat(to)) === undefined) await fs.rename(from, to);
}
