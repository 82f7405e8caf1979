import { lstat } from 'node:fs/promises';
import { getuid } from 'node:process';
import { Layout } from '../../managers/disk/format/layout.ts';
import { CommandError, exitCodes } from '../command-errors.ts';

/**
 * Refuses to change the store of another user: what is made anew in it would belong to the one who runs this, and the
 * programs of its user could not use it any more.
 *
 * @throws CommandError naming the user.
 */
export async function mustBeOwn(folder: string): Promise<void> {
  // Windows has no numbers of users. What is not there is told of by whoever opens it.
  const stats = await lstat(new Layout(folder).root).catch(() => undefined);
  if (getuid === undefined || stats === undefined || stats.uid === getuid()) return;
  throw new CommandError(
    exitCodes.failure,
    `The store in ${JSON.stringify(folder)} belongs to user ${stats.uid}, not to ${getuid()}: change it as that user`,
  );
}
