import fs from 'fs-extra';
import { asyncAccess, errorCode } from '../files/file-access.ts';
import { makeFolder } from '../files/make-folder.ts';
import { newGeneration, type Layout } from '../format/layout.ts';
import { removeIncoming } from '../limits/incoming-files.ts';
import { notAFolder } from './folder-error.ts';
import { removeTrash } from './trash.ts';

/**
 * Removes all entries. They vanish at once, as the folder of all groups gets another name; then their files go.
 *
 * One rename is one step: killed before it, nothing was cleared, and after it, whoever finds the trash removes it. Of two
 * that clear at once, each takes what it finds. What is begun meanwhile is made in a new folder and stays; what was begun in
 * the one before finds that it is another, and is not stored.
 */
export async function clearStore(layout: Layout, now: number): Promise<void> {
  const generation = newGeneration(now);
  await removeIncoming(layout);
  for (const part of ['metadata', 'content'] as const) {
    const folder = layout[part];
    const stats = await asyncAccess.stat(folder);
    if (stats !== undefined && !stats.isDirectory()) throw notAFolder(folder);
    await fs.rename(folder, layout.trash(part, generation)).catch(absentOnly);
    // Not by Node's recursive way: it fails when another process clears between its two looks.
    makeFolder(folder);
  }
  await removeTrash(layout);
}

function absentOnly(error: unknown): void {
  if (errorCode(error) !== 'ENOENT') throw error;
}
