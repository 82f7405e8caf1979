import fs from 'fs-extra';
import { absentAsUndefined, asyncAccess, type FileSnapshot } from '../files/file-access.ts';
import { namesIn } from '../files/names-in.ts';
import { isGeneration, isLeaseName, type Layout } from '../format/layout.ts';
import { decodeLease, lasts } from './lease-record.ts';

/** A file that says nothing is one that is being written, for so many milliseconds at most. */
const UNWRITTEN = 1_000;

/** What nobody has written to for so many milliseconds is no living process's to make leases of. */
const UNUSED = 10 * 60_000;

/** Whether the lease in a file of that name is over. */
export function isStale({ bytes, stats }: FileSnapshot, name: string, now: number): boolean {
  const record = decodeLease(bytes.toString('latin1'));
  if (record !== undefined) return record.name !== name || !lasts(record, now);
  return Math.abs(now - stats.mtimeMs) > UNWRITTEN;
}

/** Removes the leases that are over, whoever had them. What is not ours by name and kind stays. */
export async function sweepLeases({ leases }: Pick<Layout, 'leases'>, now: number): Promise<void> {
  if ((await asyncAccess.stat(leases))?.isDirectory() !== true) return;
  for (const name of await namesIn(leases)) {
    const isSpare = isGeneration(name);
    if (!isSpare && !isLeaseName(name)) continue;
    const path = `${leases}/${name}`;
    const found = await asyncAccess.read(path);
    if (found === undefined) continue;
    const [hash = ''] = name.split('.');
    const isOver = isSpare ? Math.abs(now - found.stats.mtimeMs) > UNUSED : isStale(found, hash, now);
    if (isOver) await fs.unlink(path).catch(absentAsUndefined);
  }
}
