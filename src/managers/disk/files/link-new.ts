import fs from 'fs-extra';
import { asyncAccess, errorCode } from './file-access.ts';

/** What linking answers on a file system that has no hard links. */
export const NO_LINKS: ReadonlySet<string | undefined> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EXDEV',
]);

/**
 * Gives a file a further name, unless that is taken.
 *
 * @returns `taken` when it is, `impossible` where there are no hard links, or no more of them for this file.
 */
export async function linkNew(existing: string, path: string): Promise<'linked' | 'taken' | 'impossible'> {
  try {
    await fs.link(existing, path);
    return 'linked';
  } catch (error) {
    const code = errorCode(error);
    if (NO_LINKS.has(code) || code === 'EMLINK') return 'impossible';
    if (code !== 'EEXIST') throw error;
    // Over a network, the answer to a link that was made may be lost and asked for again.
    return (await areOne(existing, path)) ? 'linked' : 'taken';
  }
}

async function areOne(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([asyncAccess.stat(one), asyncAccess.stat(other)]);
  return a !== undefined && a.ino === b?.ino && a.dev === b.dev;
}
