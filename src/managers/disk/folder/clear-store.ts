import fs from 'fs-extra';
import { absentAsUndefined } from '../files/file-access.ts';
import { isGeneration, newGeneration, type Layout } from '../format/layout.ts';

/** Removes all entries: they vanish at once, by a rename, and then their files go. */
export async function clearStore(layout: Layout, now: number): Promise<void> {
  const trash = layout.trash(newGeneration(now));
  await fs.mkdir(trash, { mode: 0o700 });
  await fs.rename(layout.metadata, `${trash}/metadata`).catch(absentAsUndefined);
  await fs.rename(layout.content, `${trash}/content`).catch(absentAsUndefined);
  // Another may clear at the same time, and take them away again; who stores makes what is not there.
  await fs.mkdir(layout.metadata, { recursive: true, mode: 0o700 }).catch(absentAsUndefined);
  await fs.mkdir(layout.content, { recursive: true, mode: 0o700 }).catch(absentAsUndefined);
  await fs.remove(trash);
}

/** Removes what a process that was killed while it cleared the store left. */
export async function removeTrash(layout: Layout): Promise<void> {
  const prefix = layout.trash('').slice(layout.root.length + 1);
  for (const name of await fs.readdir(layout.root)) {
    if (name.startsWith(prefix) && isGeneration(name.slice(prefix.length)))
      await fs.remove(`${layout.root}/${name}`);
  }
}
