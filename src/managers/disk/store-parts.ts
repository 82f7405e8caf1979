import { randomBytes } from 'node:crypto';
import type { Evictions } from '../evictions.ts';
import type { BodyFiles, OwnedBody } from './bodies/body-files.ts';
import type { ResolvedDiskOptions } from './disk-options.ts';
import type { EntryLocks } from './entries/entry-locks.ts';
import type { EntryReader } from './entries/entry-reader.ts';
import { decodeEntry, type DecodedEntry, type EntryRecord } from './format/entry-record.ts';
import type { FolderWatch } from './folder/folder-watch.ts';
import type { GroupFolders } from './folder/group-folders.ts';
import type { Housekeeping } from './folder/housekeeping.ts';
import type { StoreSecret } from './folder/secret.ts';
import type { StoreFolder } from './folder/store-folder.ts';
import type { Evictor } from './limits/evictor.ts';
import type { DiskLeases } from './leases/disk-leases.ts';
import { asyncAccess, isUnreadable, type FileSnapshot } from './files/file-access.ts';
import type { ReadMode } from './files/read-mode.ts';
import type { Layout } from './format/layout.ts';
import type { IncomingFiles } from './limits/incoming-files.ts';
import type { Totals } from './limits/totals.ts';
import { blockBytes, type Usage } from './limits/usage.ts';
import type { Uses } from './limits/uses.ts';

/** What the changes of a store work with. */
export interface StoreParts {
  readonly options: ResolvedDiskOptions;
  readonly layout: Layout;
  readonly folder: StoreFolder;
  readonly watch: FolderWatch;
  readonly totals: Totals;
  readonly bodies: BodyFiles;
  readonly evictor: Evictor;
  readonly locks: EntryLocks;
  readonly reader: EntryReader;
  readonly uses: Uses;
  readonly housekeeping: Housekeeping;
  readonly groups: GroupFolders;
  readonly mode: ReadMode;
  readonly secret: StoreSecret;
  readonly incoming: IncomingFiles;
  readonly evictions: Evictions;
  readonly leases: DiskLeases;
}

/** An entry file as it is on disk now. */
export interface CurrentEntry extends FileSnapshot {
  /** What it says; `undefined` when it is damaged or not ours. */
  readonly entry: DecodedEntry | undefined;
  /** Whether it is there and its bytes cannot be read, so that it may say anything. */
  readonly isUnreadable?: true;
}

/** Reads the entry file under a key hash, past what is in memory. */
export async function readCurrent(
  { layout, groups, mode }: StoreParts,
  keyHash: string,
): Promise<CurrentEntry | undefined> {
  if (!(await mode.run((files) => groups.isSound(files, keyHash)))) return undefined;
  const file = await mode.run((files) => files.read(layout.entry(keyHash)));
  return file && { ...file, entry: decodeEntry(file.bytes) };
}

/** As {@link readCurrent}, but without its bytes where they cannot be read: for who wants to be rid of it. */
export async function readIfPossible(parts: StoreParts, keyHash: string): Promise<CurrentEntry | undefined> {
  try {
    return await readCurrent(parts, keyHash);
  } catch (error) {
    const stats = isUnreadable(error) ? await asyncAccess.stat(parts.layout.entry(keyHash)) : undefined;
    if (stats?.isFile() !== true) throw error;
    return { bytes: Buffer.alloc(0), stats, entry: undefined, isUnreadable: true };
  }
}

/** The body of an entry as a file of its own; `undefined` when it is in the entry file. */
export function ownedBody(keyHash: string, entry: EntryRecord | undefined): OwnedBody | undefined {
  return entry?.separate && { ...entry.separate, keyHash, size: entry.size };
}

/** What would be freed if the entry under a key hash went. */
export async function readUsage(parts: StoreParts, keyHash: string): Promise<Usage> {
  const current = await readIfPossible(parts, keyHash);
  if (current === undefined) return { bytes: 0, entries: 0 };
  const body = ownedBody(keyHash, current.entry);
  const bytes = body === undefined ? 0 : await parts.bodies.usage(body);
  return { bytes: blockBytes(current.stats.size) + bytes, entries: 1 };
}

/** A name for a revision that no other has. */
export function newRevision(): string {
  return randomBytes(12).toString('base64url');
}
