import type { Stats } from 'node:fs';
import fs from 'fs-extra';
import type { HttpResponseHead } from '../../../core/message.ts';
import type { CachePolicy } from '../../../core/policy-types.ts';
import { entryTooLarge } from '../../entry-too-large.ts';
import type { CommitOptions, MaybePromise } from '../../manager.ts';
import { mayPublish } from '../../publication.ts';
import type { OwnedBody } from '../bodies/body-files.ts';
import type { BodyRoom } from '../limits/body-room.ts';
import { digestOfTable } from '../format/block-table.ts';
import { encodeEntry, MAX_ENTRY_FILE } from '../format/entry-record.ts';
import { errorCode } from '../files/file-access.ts';
import { groupOf, newGeneration } from '../format/layout.ts';
import { writeNewFile } from '../files/new-file.ts';
import { replaceEntry } from './replace-entry.ts';
import { newRevision, ownedBody, type CurrentEntry, type StoreParts } from '../store-parts.ts';
import { blockBytes } from '../limits/usage.ts';

/** A body that was taken to its end: in memory, or in a file that nobody else knows of, with room held for it. */
export type FinishedBody =
  | { readonly kind: 'inline'; readonly bytes: Buffer }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly size: number;
      readonly table: Buffer;
      readonly room: BodyRoom;
    };

/** What is to be published. */
export interface Publication {
  readonly cacheKey: string;
  readonly keyHash: string;
  readonly head: HttpResponseHead;
  readonly policy: CachePolicy;
  readonly body: FinishedBody;
  /** The folder of entries that this was begun in. */
  readonly begunIn: Stats | undefined;
}

/**
 * Makes an entry visible, all at once: first its file is written, then its body gets its place, then the file takes that of
 * the one before, then what that one owned is removed. A kill between two steps leaves the old entry or the new one, and at
 * most files that nothing names, which scans remove.
 *
 * @returns `false` when the guard forbade it, or the store was cleared meanwhile.
 */
export async function publishEntry(
  parts: StoreParts,
  publication: Publication,
  options: CommitOptions | undefined,
): Promise<boolean> {
  const { cacheKey, keyHash, head, policy, body } = publication;
  const generation = newGeneration(parts.options.clock.now());
  const inline = body.kind === 'inline';
  const size = inline ? body.bytes.length : body.size;
  const separate = inline ? undefined : { generation, digest: digestOfTable(body.table) };
  const owned = separate && { ...separate, keyHash, size };
  const record = encodeEntry(
    { cacheKey, revision: newRevision(), size, separate, head, policy },
    inline ? body.bytes : body.table,
  );
  const room = { bytes: blockBytes(record.length), entries: 1 };
  const wholeSize = room.bytes + (inline ? 0 : blockBytes(size));
  if (wholeSize > parts.options.maxSize) throw entryTooLarge(cacheKey, parts.options.maxSize);
  if (record.length > MAX_ENTRY_FILE) throw entryTooLarge(cacheKey, MAX_ENTRY_FILE);
  const held = await parts.evictor.reserve(room, keyHash);
  try {
    return await parts.locks.change(
      keyHash,
      async () =>
        await parts.groups.change(
          keyHash,
          async () => await publish(parts, { ...publication, generation, record, owned }, options),
        ),
    );
  } finally {
    parts.evictor.release(held);
  }
}

interface EncodedPublication extends Publication {
  readonly generation: string;
  readonly record: Buffer;
  /** Where a body of its own gets its place. */
  readonly owned: OwnedBody | undefined;
}

async function publish(
  parts: StoreParts,
  { keyHash, body, generation, record, owned, begunIn }: EncodedPublication,
  options: CommitOptions | undefined,
): Promise<boolean> {
  const { layout, watch, bodies, uses, reader, evictor } = parts;
  const temporary = layout.temporary(keyHash, generation);
  let published = false;
  try {
    // Before its body: if the store is cleared from here on, this file is gone, and a body can only lie there in vain.
    await writeNewFile(parts.mode, temporary, { bytes: record, mtime: uses.stamp() });
    // Asked once the file is there: it goes with its folder, so from now on whatever is cleared takes it along.
    if (!(await watch.isStill(begunIn))) return false;
    let bytes = blockBytes(record.length);
    if (body.kind === 'file' && owned !== undefined) bytes += await bodies.place(body, owned);
    const mayReplace = (): MaybePromise<boolean> => mayPublish(options);
    const replaced = await replaceEntry(parts, { keyHash, generation, mayReplace });
    if (replaced === undefined) return false;
    published = true;
    reader.forget(keyHash);
    uses.forget(keyHash);
    // Stored from now on: counted in one place or the other at every moment, and never in both.
    if (body.kind === 'file') body.room.release();
    evictor.changed(groupOf(keyHash), { bytes, entries: 1 });
    if (replaced.before !== undefined) await removeReplaced(parts, keyHash, replaced.before);
    return true;
  } catch (error) {
    // Cleared under our hands: what was not published yet is gone with the rest.
    if (!published && errorCode(error) === 'ENOENT') return false;
    throw error;
  } finally {
    if (!published) {
      // What stays is found by its name later; why it was not published matters more.
      await fs.unlink(temporary).catch(() => {});
      if (owned !== undefined) await bodies.remove(owned).catch(() => {});
    }
  }
}

async function removeReplaced(parts: StoreParts, keyHash: string, before: CurrentEntry): Promise<void> {
  const body = ownedBody(keyHash, before.entry);
  // What came in its place is stored by now, and stays so; a scan removes what is left here.
  const freed = body === undefined ? 0 : await parts.bodies.remove(body).catch(() => 0);
  parts.evictor.changed(groupOf(keyHash), { bytes: -blockBytes(before.stats.size) - freed, entries: -1 });
}
