import { asyncAccess } from '../files/file-access.ts';
import { namesIn } from '../files/names-in.ts';
import { isGeneration, isGroupName, isLeaseName, parseTrashName, type GroupsName } from '../format/layout.ts';
import { removeFile, removeGroup, removeIfEmpty } from './trash.ts';

const FILE =
  /^(?:CACHEDIR\.TAG|format\.json|ledger|secret(?:-[0-9]+)?|(?:ledger|secret)\.[0-9a-z]{1,11}-[0-9a-f]{16})$/;

/** Trash as `cache-v1` had it. */
const FIRST_TRASH = /^trash-[0-9a-z]{1,11}-[0-9a-f]{16}$/;

/** Whether a file in the folder of a format has a name of ours. */
export function isStoreFile(name: string): boolean {
  return FILE.test(name);
}

/**
 * Removes a store of ours, of any format up to the present one, and what else lies in it stays where it is. `format.json`
 * goes last: until then whoever comes next goes on with it.
 */
export async function sweepStore(root: string, signal: AbortSignal): Promise<void> {
  await removeGroups(`${root}/metadata`, 'metadata', signal);
  await removeGroups(`${root}/content`, 'content', signal);
  for (const name of await namesIn(`${root}/incoming`)) {
    if (isGeneration(name)) await removePlain(`${root}/incoming/${name}`);
  }
  await removeIfEmpty(`${root}/incoming`);
  for (const name of await namesIn(`${root}/leases`)) {
    if (isLeaseName(name) || isGeneration(name)) await removePlain(`${root}/leases/${name}`);
  }
  await removeIfEmpty(`${root}/leases`);
  for (const name of await namesIn(root)) await removeFromRoot(root, name, signal);
  if (signal.aborted) return;
  await removePlain(`${root}/format.json`);
  await removeIfEmpty(root);
}

async function removeFromRoot(root: string, name: string, signal: AbortSignal): Promise<void> {
  const path = `${root}/${name}`;
  const trash = parseTrashName(name);
  if (trash !== undefined) await removeGroups(path, trash.part, signal);
  if (FIRST_TRASH.test(name)) {
    await removeGroups(`${path}/metadata`, 'metadata', signal);
    await removeGroups(`${path}/content`, 'content', signal);
    await removeIfEmpty(path);
  }
  if (isStoreFile(name) && name !== 'format.json') await removePlain(path);
}

async function removeGroups(folder: string, part: GroupsName, signal: AbortSignal): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (signal.aborted) return;
    if (isGroupName(name)) await removeGroup(`${folder}/${name}`, part, undefined);
  }
  await removeIfEmpty(folder);
}

async function removePlain(path: string): Promise<void> {
  if ((await asyncAccess.stat(path))?.isFile() === true) await removeFile(path);
}
