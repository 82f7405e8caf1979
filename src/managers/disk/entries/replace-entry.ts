import fs from 'fs-extra';
import { HttpCacheError } from '../../../errors.ts';
import type { MaybePromise } from '../../manager.ts';
import { absentAsUndefined, asyncAccess, errorCode, isUnreadable } from '../files/file-access.ts';
import { linkNew } from '../files/link-new.ts';
import { encodeClaim } from '../format/entry-record.ts';
import { newGeneration } from '../format/layout.ts';
import { ownedBody, type CurrentEntry, type StoreParts } from '../store-parts.ts';
import { OpenEntry } from './open-entry.ts';
import { removeInTurn } from './remove-entry.ts';

/** How often a replacement starts again: each time another process was first. */
const ATTEMPTS = 100;

/** What takes the place of an entry file. */
export interface Replacement {
  readonly keyHash: string;
  /** Generation of the finished, unpublished file. */
  readonly generation: string;
  /** Whether it may, with what is there; asked again when that has changed. */
  readonly mayReplace: (current: CurrentEntry | undefined) => MaybePromise<boolean>;
}

/** An entry file took its place. */
export interface Replaced {
  /** What was there before. */
  readonly before: CurrentEntry | undefined;
}

/**
 * Puts a finished file in the place of an entry file, but only in the place of the very revision that `mayReplace` was
 * asked about: a compare-and-set between processes that no process can block by dying.
 *
 * Where there is none, the file is linked to the name, which fails when another was first. Otherwise a claim is appended
 * to what is there. Of several the first counts, and none when the revision is another by then. Who reads his own claim
 * renames. Who reads another's does that renaming for it, and starts again: as a file can be renamed only once, a rename
 * that was claimed for one revision never hits a later one. A claim whose file is gone was given up, and is voided.
 *
 * A file that cannot be read shows no claim, so it is removed first.
 *
 * A claim on a file that was removed meanwhile is withdrawn by giving the unpublished file another name, so that nobody who
 * still reads the claim can do its renaming.
 *
 * @returns `undefined` when `mayReplace` forbade it.
 */
export async function replaceEntry(
  parts: StoreParts,
  replacement: Replacement,
): Promise<Replaced | undefined> {
  const { layout, options } = parts;
  const { keyHash } = replacement;
  let { generation } = replacement;
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const outcome = await tryToReplace(parts, { ...replacement, generation });
      if (outcome === 'forbidden') return undefined;
      if (typeof outcome === 'object' && 'removed' in outcome) {
        const next = newGeneration(options.clock.now());
        const isHelped = await isRenamedAlready(
          layout.temporary(keyHash, generation),
          layout.temporary(keyHash, next),
        );
        if (isHelped) return { before: outcome.removed };
        generation = next;
        await removeBody(parts, keyHash, outcome.removed);
      } else if (outcome !== 'changed') return outcome;
    }
  } finally {
    if (generation !== replacement.generation)
      await fs.unlink(layout.temporary(keyHash, generation)).catch(absentAsUndefined);
  }
  throw new HttpCacheError(
    'ERR_HTTP_CACHE_MANAGER',
    `Other processes replaced one entry ${ATTEMPTS} times while it was stored, so it is not: try again`,
  );
}

/** An entry file was removed before a claim on it counted. */
interface Removed {
  readonly removed: CurrentEntry;
}

type Outcome = Replaced | Removed | 'forbidden' | 'changed';

/** Renames a file, unless another process that met the claim for it has. */
async function isRenamedAlready(from: string, to: string): Promise<boolean> {
  try {
    await fs.rename(from, to);
    return false;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return true;
    throw error;
  }
}

/** Who removed the entry may have read the claim, and left the body to the one who made it. */
async function removeBody({ bodies }: StoreParts, keyHash: string, { entry }: CurrentEntry): Promise<void> {
  const body = ownedBody(keyHash, entry);
  // What stays is found by its name later.
  if (body !== undefined) await bodies.remove(body).catch(() => {});
}

async function tryToReplace(parts: StoreParts, replacement: Replacement): Promise<Outcome> {
  const { layout, mode } = parts;
  const { keyHash, generation } = replacement;
  const path = layout.entry(keyHash);
  const temporary = layout.temporary(keyHash, generation);
  const open = await OpenEntry.open(mode, path).catch(unreadable);
  if (open === 'unreadable') return await makeWay(parts, replacement);
  if (open === 'absent') {
    return await whenAllowed(replacement, undefined, async () => await create(temporary, path));
  }
  if (open === 'unusable') {
    return await whenAllowed(replacement, undefined, async () => await overwrite(temporary, path, undefined));
  }
  try {
    const before = await readOpen(open).catch(unreadable);
    if (before === 'unreadable') return await makeWay(parts, replacement);
    // What does not decode has nothing to protect.
    if (before.entry === undefined) {
      return await whenAllowed(replacement, before, async () => await overwrite(temporary, path, before));
    }
    if (!(await isFree(parts, keyHash, before))) return 'changed';
    return await whenAllowed(
      replacement,
      before,
      async () => await claim(parts, replacement, { open, before }),
    );
  } finally {
    // What was appended was read again, so a failing close says nothing about what has been replaced.
    await open.close().catch(() => {});
  }
}

/** For `catch`: what is there and cannot be read is `unreadable`, every other error stays one. */
function unreadable(error: unknown): 'unreadable' {
  if (isUnreadable(error)) return 'unreadable';
  throw error;
}

async function readOpen(open: OpenEntry): Promise<CurrentEntry> {
  return await open.read();
}

/**
 * Removes what cannot be read. Whether somebody claimed its place cannot be seen, so nothing is renamed over it: it is
 * stored where nothing is then, which fails when another was first.
 */
async function makeWay(parts: StoreParts, replacement: Replacement): Promise<Outcome> {
  const { keyHash } = replacement;
  const stats = await asyncAccess.stat(parts.layout.entry(keyHash));
  if (stats === undefined) return 'changed';
  return await whenAllowed(replacement, undefined, async () => {
    await removeInTurn(parts, keyHash, ({ stats: now }) => now.ino === stats.ino && now.dev === stats.dev);
    return 'changed';
  });
}

async function whenAllowed(
  { mayReplace }: Replacement,
  current: CurrentEntry | undefined,
  replace: () => Promise<Outcome>,
): Promise<Outcome> {
  const allowed = mayReplace(current);
  // One that is answered at once is not waited for: nothing of this process can come in between.
  return (typeof allowed === 'boolean' ? allowed : await allowed) ? await replace() : 'forbidden';
}

async function create(temporary: string, path: string): Promise<Outcome> {
  const linked = await linkNew(temporary, path);
  if (linked === 'taken') return 'changed';
  // Without hard links nothing can be made only where nothing is.
  if (linked === 'impossible') return await overwrite(temporary, path, undefined);
  // Stored by now: a name too many, which a scan removes.
  await fs.unlink(temporary).catch(() => {});
  return { before: undefined };
}

async function overwrite(
  temporary: string,
  path: string,
  before: CurrentEntry | undefined,
): Promise<Outcome> {
  await fs.rename(temporary, path);
  return { before };
}

async function claim(
  { layout }: StoreParts,
  { keyHash, generation }: Replacement,
  { open, before }: { readonly open: OpenEntry; readonly before: CurrentEntry },
): Promise<Outcome> {
  const temporary = layout.temporary(keyHash, generation);
  const path = layout.entry(keyHash);
  const from = before.entry?.revision ?? '';
  await open.append(encodeClaim({ from, voids: before.entry?.claim, generation }));
  const { entry, stats } = await open.read();
  if (stats.nlink === 0) return { removed: before };
  if (entry?.claim === generation) {
    await isRenamedAlready(temporary, path);
    return { before };
  }
  // It takes no records any more, as when its end is full of damaged ones.
  if (entry?.revision === from && entry.claim === before.entry?.claim)
    return await overwrite(temporary, path, before);
  return 'changed';
}

/**
 * Whether records can be appended to an entry file that was read: `false` when it has been replaced. What another process
 * has claimed but not renamed yet is renamed here; a claim whose file is gone stands in nobody's way.
 */
export async function isFree(
  { layout, reader }: StoreParts,
  keyHash: string,
  { entry, stats }: CurrentEntry,
): Promise<boolean> {
  if (entry?.claim === undefined) return true;
  const path = layout.entry(keyHash);
  if (!(await isRenamedAlready(layout.temporary(keyHash, entry.claim), path))) {
    reader.forget(keyHash);
    return false;
  }
  // That file was there before the claim was. It is gone and has not taken the place, so it never will.
  const now = await asyncAccess.stat(path);
  return now?.ino === stats.ino && now.dev === stats.dev;
}
