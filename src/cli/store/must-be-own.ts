import { lstat, stat } from 'node:fs/promises';
import { getuid } from 'node:process';
import { namesIn } from '../../managers/disk/files/names-in.ts';
import { isGroupName, Layout } from '../../managers/disk/format/layout.ts';
import { CommandError, exitCodes } from '../command-errors.ts';

/** What lies in the folder of a store beside folders, and is written to or made anew. */
const FILES = ['CACHEDIR.TAG', 'format.json', 'ledger', 'secret'];

/**
 * Refuses to change the store of another user: what is made anew in it would belong to the one who runs this, and the
 * programs of its user could not use it any more. The folder that was given may belong to the system's own user as well.
 *
 * @throws CommandError naming the user.
 */
export async function mustBeOwn(folder: string): Promise<void> {
  // Windows has no numbers of users.
  if (getuid === undefined) return;
  const user = getuid();
  const refuse = (path: string, owner: number): never => {
    throw new CommandError(
      exitCodes.failure,
      `${JSON.stringify(path)} belongs to user ${owner}, not to ${user}: change the store as the user whose it is`,
    );
  };
  // Followed: it may be a link to the folder.
  const { uid: owner } = await stat(folder);
  if (owner !== user && owner !== 0) refuse(folder, owner);
  for (const path of await written(new Layout(folder))) {
    const stats = await lstat(path).catch(() => undefined);
    if (stats !== undefined && stats.uid !== user) refuse(path, stats.uid);
  }
}

/** All folders that a command may write to, and files. */
async function written({ root, metadata, content, unpublished }: Layout): Promise<readonly string[]> {
  const groups: string[] = [];
  for (const folder of [metadata, content]) {
    const names = await namesIn(folder);
    groups.push(...names.filter(isGroupName).map((name) => `${folder}/${name}`));
  }
  return [root, metadata, content, unpublished, ...FILES.map((name) => `${root}/${name}`), ...groups];
}
