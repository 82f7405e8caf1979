import fs from 'fs-extra';
import type { HttpResponseHead } from '../../../core/message.ts';
import type { CachePolicy } from '../../../core/policy-types.ts';
import { encodeEntry, encodeUpdate, MAX_ENTRY_FILE, type DecodedEntry } from '../format/entry-record.ts';
import { entryTooLarge } from '../../entry-too-large.ts';
import { absentAsUndefined } from '../files/file-access.ts';
import { groupOf, newGeneration } from '../format/layout.ts';
import { writeNewFile } from '../files/new-file.ts';
import { blockBytes } from '../limits/usage.ts';
import { newRevision, type CurrentEntry, type StoreParts } from '../store-parts.ts';
import { OpenEntry } from './open-entry.ts';
import { isFree, replaceEntry, type Replaced } from './replace-entry.ts';

/** After so many records an entry file is written anew, so that it does not grow for ever. */
const MOST_RECORDS = 8;

/** Bytes of updates after which it is, too. */
const MOST_SLACK = 16 * 1024;

/** New metadata for an entry. */
export interface Update {
  readonly cacheKey: string;
  readonly keyHash: string;
  /** The revision that it is for. */
  readonly token: string;
  readonly head: HttpResponseHead;
  readonly policy: CachePolicy;
}

/**
 * Replaces head and policy of an entry by appending to its file, through the descriptor by which its revision was read.
 * Were it replaced in between, the record would go to a file that nobody finds any more: never an old head on a new body.
 *
 * @returns the new revision, or `undefined` when the entry is gone or has another; of several that update one revision at
 * once, one gets its own.
 */
export async function updateEntry(parts: StoreParts, update: Update): Promise<string | undefined> {
  const revision = newRevision();
  const { token, head, policy } = update;
  const record = encodeUpdate({ from: token, voids: undefined, revision, head, policy });
  const room = { bytes: blockBytes(record.length), entries: 0 };
  const held = await parts.evictor.reserve(room);
  try {
    return await parts.locks.change(
      update.keyHash,
      async () =>
        await parts.groups.change(
          update.keyHash,
          async () => await performUpdate(parts, update, { revision, record }),
        ),
    );
  } catch (error) {
    throw parts.evictor.explain(error);
  } finally {
    parts.evictor.release(held);
  }
}

interface NewRevision {
  readonly revision: string;
  /** The record that makes it, unless there is a claim to be voided. */
  readonly record: Buffer;
}

async function performUpdate(
  parts: StoreParts,
  update: Update,
  { revision, record }: NewRevision,
): Promise<string | undefined> {
  const { layout, reader, uses, mode } = parts;
  const { keyHash, token, cacheKey, head, policy } = update;
  const open = await OpenEntry.open(mode, layout.entry(keyHash));
  if (open === 'absent' || open === 'unusable') return undefined;
  try {
    const before = await open.read();
    if (before.entry?.revision !== token || before.entry.cacheKey !== cacheKey) return undefined;
    if (!(await isFree(parts, keyHash, before))) return undefined;
    if (before.stats.size + record.length > MAX_ENTRY_FILE) throw entryTooLarge(cacheKey, MAX_ENTRY_FILE);
    const { claim: voids } = before.entry;
    reader.changed(keyHash);
    uses.forget(keyHash);
    await open.append(
      voids === undefined ? record : encodeUpdate({ from: token, voids, revision, head, policy }),
    );
    await touch(open, uses.stamp());
    const after = await open.read();
    countGrowth(parts, keyHash, { from: before.stats.size, to: after.stats.size });
    // Another process may have appended to the same state: whose record came first tells the file alone.
    if (after.stats.nlink === 0 || after.entry?.revision !== revision) return undefined;
    // It holds by now, and the next one tries again.
    if (isFull(after.entry)) await rewrite(parts, keyHash, after.entry).catch(() => {});
    return revision;
  } finally {
    await open.close();
  }
}

/** Never rejects: the record is there, so the update holds. The time only bears on the order of eviction. */
async function touch(open: OpenEntry, seconds: number): Promise<void> {
  try {
    await open.touch(seconds);
  } catch {
    // As for a file of another user, which only its owner may set the time of.
  }
}

function isFull({ records, firstLength, validLength }: DecodedEntry): boolean {
  return records >= MOST_RECORDS || validLength - firstLength > MOST_SLACK;
}

/** Writes an entry file anew with its last revision alone, unless it has another by then. */
async function rewrite(parts: StoreParts, keyHash: string, entry: DecodedEntry): Promise<void> {
  const { layout, uses, options, reader } = parts;
  const record = encodeEntry(entry, entry.payload);
  const generation = newGeneration(options.clock.now());
  const temporary = layout.temporary(keyHash, generation);
  let replaced: Replaced | undefined;
  try {
    await writeNewFile(parts.mode, temporary, { bytes: record, mtime: uses.stamp() });
    const mayReplace = (current: CurrentEntry | undefined): boolean =>
      current?.entry?.revision === entry.revision;
    replaced = await replaceEntry(parts, { keyHash, generation, mayReplace });
  } finally {
    if (replaced === undefined) await fs.unlink(temporary).catch(absentAsUndefined);
  }
  reader.changed(keyHash);
  const oldSize = replaced?.before?.stats.size;
  if (oldSize !== undefined) countGrowth(parts, keyHash, { from: oldSize, to: record.length });
}

function countGrowth(parts: StoreParts, keyHash: string, { from, to }: { from: number; to: number }): void {
  parts.evictor.changed(groupOf(keyHash), { bytes: blockBytes(to) - blockBytes(from), entries: 0 });
}
