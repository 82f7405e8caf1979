import fs from 'fs-extra';
import { absentAsUndefined, asyncAccess } from '../files/file-access.ts';
import { checkMode } from './check-mode.ts';
import type { Verification } from './verification.ts';

/** Looks at a folder of ours and lists it; nothing for one that is not there, or that something else has the name of. */
export async function checkFolder(run: Verification, path: string): Promise<readonly string[]> {
  let names: readonly string[] = [];
  await run.look(path, async () => {
    const stats = await asyncAccess.stat(path);
    if (stats === undefined) return;
    if (!stats.isDirectory()) {
      run.left({ kind: 'wrong-type', path });
      return;
    }
    await checkMode(run, path, stats);
    names = (await fs.readdir(path).catch(absentAsUndefined)) ?? [];
  });
  return names;
}
