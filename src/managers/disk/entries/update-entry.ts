import { constants } from 'node:fs';
import fs from 'fs-extra';
import type { HttpResponseHead } from '../../../core/message.ts';
import type { CachePolicy } from '../../../core/policy-types.ts';
import { HttpCacheError } from '../../../errors.ts';
import {
  decodeEntry,
  encodeEntry,
  encodeUpdate,
  MAX_ENTRY_FILE,
  type DecodedEntry,
} from '../format/entry-record.ts';
import { entryTooLarge } from '../../entry-too-large.ts';
import { absentAsUndefined, isReadable, readWhole } from '../files/file-access.ts';
import { groupOf, newGeneration } from '../format/layout.ts';
import { writeNewFile } from '../files/new-file.ts';
import { newRevision, readCurrent, type StoreParts } from '../store-parts.ts';
import { blockBytes } from '../limits/totals.ts';

/** After so many records an entry file is written anew, so that it does not grow for ever. */
const MOST_RECORDS = 8;

/** Bytes of updates after which it is, too. */
const MOST_SLACK = 16 * 1024;

const UPDATE_FLAGS =
  constants.O_RDWR | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

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
  const record = encodeUpdate({ from: token, revision, head, policy });
  if (record.length > MAX_ENTRY_FILE) throw entryTooLarge(update.cacheKey, MAX_ENTRY_FILE);
  const room = { bytes: blockBytes(record.length), entries: 0 };
  const held = await parts.evictor.reserve(room);
  try {
    return await parts.locks.change(
      update.keyHash,
      async () => await performUpdate(parts, update, { revision, record }),
    );
  } finally {
    parts.evictor.release(held);
  }
}

interface NewRevision {
  readonly revision: string;
  readonly record: Buffer;
}

async function performUpdate(
  parts: StoreParts,
  update: Update,
  next: NewRevision,
): Promise<string | undefined> {
  const { layout, reader, uses } = parts;
  const { keyHash, token, cacheKey } = update;
  const descriptor = await fs.open(layout.entry(keyHash), UPDATE_FLAGS).catch(absentAsUndefined);
  if (descriptor === undefined) return undefined;
  try {
    const before = await fs.fstat(descriptor);
    if (!isReadable(before)) return undefined;
    const bytes = await readWhole(descriptor, before.size);
    const entry = decodeEntry(bytes);
    if (entry?.revision !== token || entry.cacheKey !== cacheKey) return undefined;
    reader.forget(keyHash);
    uses.forget(keyHash);
    const { revision } = next;
    if (entry.validLength !== bytes.length) {
      // The torn record at the end would hide what is appended behind it.
      return await rewrite(parts, update, { from: token, revision, entry, oldSize: before.size });
    }
    await append(descriptor, next.record);
    const stamp = uses.stamp();
    await fs.futimes(descriptor, stamp, stamp);
    const after = await fs.fstat(descriptor);
    countGrowth(parts, keyHash, { from: before.size, to: after.size });
    if (after.nlink === 0) return undefined;
    // Another process may have appended to the same revision: whose record came first tells the file alone.
    const written = decodeEntry(await readWhole(descriptor, after.size));
    if (written?.revision !== revision) return undefined;
    if (!isFull(written)) return revision;
    return await rewrite(parts, update, { from: revision, revision, entry: written, oldSize: after.size });
  } finally {
    await fs.close(descriptor);
  }
}

function isFull({ records, firstLength, validLength }: DecodedEntry): boolean {
  return records >= MOST_RECORDS || validLength - firstLength > MOST_SLACK;
}

async function append(descriptor: number, record: Buffer): Promise<void> {
  const { bytesWritten } = await fs.write(descriptor, record, 0, record.length);
  if (bytesWritten === record.length) return;
  // Writing the rest could land behind another process's record; readers take this one for a torn one.
  throw new HttpCacheError(
    'ERR_HTTP_CACHE_MANAGER',
    'The disk took only part of an update, so it does not hold',
  );
}

interface Rewriting {
  /** The revision that must be the current one. */
  readonly from: string;
  readonly revision: string;
  readonly entry: DecodedEntry;
  readonly oldSize: number;
}

async function rewrite(
  parts: StoreParts,
  { keyHash, head, policy }: Update,
  { from, revision, entry, oldSize }: Rewriting,
): Promise<string | undefined> {
  const { layout, uses, options } = parts;
  const record = encodeEntry({ ...entry, revision, head, policy }, entry.body ?? new Uint8Array(0));
  const temporary = layout.temporary(keyHash, newGeneration(options.clock.now()));
  let renamed = false;
  try {
    await writeNewFile(temporary, record, uses.stamp());
    const current = await readCurrent(parts, keyHash);
    if (current?.entry?.revision !== from) return undefined;
    await fs.rename(temporary, layout.entry(keyHash));
    renamed = true;
  } finally {
    if (!renamed) await fs.unlink(temporary).catch(absentAsUndefined);
  }
  countGrowth(parts, keyHash, { from: oldSize, to: record.length });
  return revision;
}

function countGrowth(parts: StoreParts, keyHash: string, { from, to }: { from: number; to: number }): void {
  parts.evictor.changed(groupOf(keyHash), { bytes: blockBytes(to) - blockBytes(from), entries: 0 });
}
