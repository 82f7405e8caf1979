import fs from 'fs-extra';
import { absentAsUndefined, asyncAccess, type FileSnapshot } from '../files/file-access.ts';
import { namesIn } from '../files/names-in.ts';
import { isLeaseName, type Layout } from '../format/layout.ts';
import { decodeLease, lasts } from './lease-record.ts';

/** A file that says nothing is one that is being written, for so many milliseconds at most. */
const UNWRITTEN = 1_000;

/** Whether the lease in a file is over. */
export function isStale({ bytes, stats }: FileSnapshot, now: number): boolean {
  const record = decodeLease(bytes.toString('latin1'));
  if (record !== undefined) return !lasts(record, now);
  return Math.abs(now - stats.mtimeMs) > UNWRITTEN;
}

/** Removes the leases that are over, whoever had them. What is not ours by name and kind stays. */
export async function sweepLeases({ leases }: Pick<Layout, 'leases'>, now: number): Promise<void> {
  if ((await asyncAccess.stat(leases))?.isDirectory() !== true) return;
  for (const name of await namesIn(leases)) {
    if (!isLeaseName(name)) continue;
    const path = `${leases}/${name}`;
    const found = await asyncAccess.read(path);
    if (found !== undefined && isStale(found, now)) await fs.unlink(path).catch(absentAsUndefined);
  }
}
