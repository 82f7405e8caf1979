import type { Stats } from 'node:fs';
import { removeEntry } from '../entries/remove-entry.ts';
import { asyncAccess } from '../files/file-access.ts';
import { keyHash } from '../format/layout.ts';
import { readCurrent, type CurrentEntry } from '../store-parts.ts';
import { checkMode } from './check-mode.ts';
import { bodyDigest } from './body-digest.ts';
import type { Mending, Verification } from './verification.ts';
import type { VerifyProblemKind } from './verify-report.ts';

/** How often an entry that changes under our eyes is looked at again. Then it is in use, and so can be read. */
const ATTEMPTS = 5;

/** Looks at the entry that has its name from a key hash, and at its body. */
export async function checkEntry(run: Verification, hash: string): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) if (await isSettled(run, hash)) return;
}

/** Looks once; `false` when the entry changed meanwhile. */
async function isSettled(run: Verification, hash: string): Promise<boolean> {
  const path = run.parts.layout.entry(hash);
  const current = await readCurrent(run.parts, hash);
  if (current === undefined) {
    const stats = await asyncAccess.stat(path);
    if (stats?.isFile() === true) return false;
    if (stats !== undefined) run.left({ kind: 'wrong-type', path });
    return true;
  }
  run.read(current.bytes.length);
  const { entry, bytes, stats } = current;
  const isOurs = entry !== undefined && keyHash(entry.cacheKey) === hash;
  const fault = isOurs ? await bodyFault(run, hash, current) : 'damaged-entry';
  if (fault !== undefined) {
    const cacheKey = entry === undefined ? {} : { cacheKey: entry.cacheKey };
    return await run.found({ kind: fault, path, ...cacheKey }, dropping(run, hash, current));
  }
  run.right({ torn: entry !== undefined && entry.validLength < bytes.length });
  await checkMode(run, path, stats);
  return true;
}

async function bodyFault(
  run: Verification,
  hash: string,
  { entry }: CurrentEntry,
): Promise<VerifyProblemKind | undefined> {
  if (entry?.separate === undefined) return undefined;
  const path = run.parts.layout.body(hash, entry.separate.generation);
  const stats = await asyncAccess.stat(path);
  if (stats?.isFile() !== true) return 'missing-body';
  if (stats.size !== entry.size) return 'damaged-body';
  if ((await bodyDigest(run, path, stats)) !== entry.separate.digest) return 'damaged-body';
  await checkMode(run, path, stats);
  return undefined;
}

/** Drops an entry as it was read, and nothing newer. */
function dropping({ parts }: Verification, hash: string, seen: CurrentEntry): Mending {
  const isSame = (now: CurrentEntry): boolean =>
    isSameFile(now.stats, seen.stats) && now.entry?.revision === seen.entry?.revision;
  return {
    mend: async () => await removeEntry(parts, hash, isSame),
    async stands() {
      const now = await readCurrent(parts, hash);
      return now !== undefined && isSame(now);
    },
  };
}

function isSameFile(a: Stats, b: Stats): boolean {
  return a.ino === b.ino && a.dev === b.dev && a.size === b.size && a.mtimeMs === b.mtimeMs;
}
