import type { Stats } from 'node:fs';
import fs from 'fs-extra';
import { absentAsUndefined, asyncAccess } from '../files/file-access.ts';
import { generationTime } from '../format/layout.ts';
import { readCurrent } from '../store-parts.ts';
import { isLongAgo } from '../limits/is-long-ago.ts';
import type { Verification } from './verification.ts';

/** A file beside an entry. */
export interface FileOfKey {
  readonly keyHash: string;
  readonly generation: string;
  readonly path: string;
}

/** Looks whether a body is that of its entry. One that was made a moment ago may become it yet. */
export async function checkUnnamed(
  run: Verification,
  { keyHash, generation, path }: FileOfKey,
): Promise<void> {
  const { parts } = run;
  const stands = async (): Promise<boolean> => {
    const current = await readCurrent(parts, keyHash);
    return current?.entry?.separate?.generation !== generation;
  };
  const stats = await plainFile(run, path);
  if (stats === undefined || !isLongAgo(generationTime(generation), parts.options.clock.now())) return;
  if (!(await stands())) return;
  const mend = async (): Promise<boolean> => (await stands()) && (await unlinked(path));
  await run.found(
    { kind: 'unnamed-body', path },
    { stands, mend: async () => await parts.locks.change(keyHash, mend) },
  );
}

/** Looks at a file that is not published: it is under way as long as it is written to. */
export async function checkUnpublished(run: Verification, path: string, generation: string): Promise<void> {
  const { incoming, options } = run.parts;
  const { clock } = options;
  // Whatever its times say after a jump of the clock, it is written to.
  if (incoming.isMine(generation)) return;
  const isAbandoned = (stats: Stats | undefined): boolean =>
    stats?.isFile() === true &&
    isLongAgo(generationTime(generation), clock.now()) &&
    isLongAgo(stats.mtimeMs, clock.now());
  if (!isAbandoned(await plainFile(run, path))) return;
  const stands = async (): Promise<boolean> => isAbandoned(await asyncAccess.stat(path));
  const mend = async (): Promise<boolean> => (await stands()) && (await unlinked(path));
  await run.found({ kind: 'abandoned-file', path }, { stands, mend });
}

/** Looks at the anchor of a digest that has no body any more, or none yet that has a name. */
export async function checkLoneAnchor(run: Verification, path: string): Promise<void> {
  const { clock } = run.parts.options;
  // The status of a file changes with each link that comes or goes.
  const isLone = (stats: Stats | undefined): boolean =>
    stats?.nlink === 1 && isLongAgo(stats.ctimeMs, clock.now());
  const stands = async (): Promise<boolean> => isLone(await asyncAccess.stat(path));
  if (!(await stands())) return;
  const mend = async (): Promise<boolean> => (await stands()) && (await unlinked(path));
  await run.found({ kind: 'lone-anchor', path }, { stands, mend });
}

/** The status of a plain file; what else has its name is a problem of its own. */
export async function plainFile(run: Verification, path: string): Promise<Stats | undefined> {
  const stats = await asyncAccess.stat(path);
  if (stats === undefined || stats.isFile()) return stats;
  run.left({ kind: 'wrong-type', path });
  return undefined;
}

/** Removes a file; `false` when it was gone before. */
export async function unlinked(path: string): Promise<boolean> {
  return (await fs.unlink(path).then(() => true, absentAsUndefined)) === true;
}
