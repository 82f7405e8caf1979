import fs from 'fs-extra';
import { absentAsUndefined, asyncAccess } from './file-access.ts';

/** The names in a folder. None when nothing is there, or something else: a link in place of a folder is not followed. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  const stats = await asyncAccess.stat(folder);
  if (stats?.isDirectory() !== true) return [];
  return (await fs.readdir(folder).catch(absentAsUndefined)) ?? [];
}
