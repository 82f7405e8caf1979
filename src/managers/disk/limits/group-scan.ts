import type { Stats } from 'node:fs';
import fs from 'fs-extra';
import type { MaybePromise } from '../../manager.ts';
import { decodeEntry } from '../format/entry-record.ts';
import { asyncAccess } from '../files/file-access.ts';
import { namesIn } from '../files/names-in.ts';
import { generationTime, groupName, parseFileName, type FileName, type Layout } from '../format/layout.ts';
import { GRACE, isLongAgo } from './is-long-ago.ts';
import { blockBytes, type Usage } from './usage.ts';

/** An entry that a scan met. */
export interface ScannedEntry {
  /** Its key hash. */
  readonly keyHash: string;
  /** When it was last used as far as its file says, in milliseconds since 1970. */
  readonly mtimeMs: number;
}

/** What a scan of one group found. */
export interface GroupScan extends Usage {
  /** The entries themselves. */
  readonly found: readonly ScannedEntry[];
}

/** Files that are looked at at once. */
const BATCH = 32;

/**
 * Looks at all files of a group: counts what they take, and removes what killed processes left behind. Foreign names are
 * neither counted nor touched.
 */
export async function scanGroup(layout: Layout, group: number, now: number): Promise<GroupScan> {
  const folder = groupName(group);
  const names = await namesIn(`${layout.metadata}/${folder}`);
  const found: ScannedEntry[] = [];
  let bytes = 0;
  let entries = 0;
  for (const batch of batches(names)) {
    const sizes = await Promise.all(batch.map(async (name) => await measure(name)));
    for (const size of sizes) bytes += size;
  }
  await removeLoneAnchors(`${layout.content}/${folder}`);
  return { bytes, entries, found };

  async function measure(name: string): Promise<number> {
    const file = parseFileName(name);
    if (file === undefined) return 0;
    // Of one that cannot be looked at no more is known than that it is there: it does not cost the figures of the others.
    const stats = await ifKnown(() => asyncAccess.stat(`${layout.metadata}/${folder}/${name}`));
    if (stats === 'unknown') {
      if (file.kind === 'entry') entries++;
      return file.kind === 'temporary' ? 0 : blockBytes(1);
    }
    if (stats?.isFile() !== true) return 0;
    const keyHash = folder + file.rest;
    if (file.kind === 'entry') {
      entries++;
      found.push({ keyHash, mtimeMs: stats.mtimeMs });
      return blockBytes(stats.size);
    }
    if (await isLeftBehind(layout, { keyHash, file, stats, now })) {
      await sweep(`${layout.metadata}/${folder}/${name}`);
      return 0;
    }
    // What is being written is no part of the store yet.
    if (file.kind === 'temporary') return 0;
    // Each entry has its own link to a shared body, besides the anchor.
    return blockBytes(stats.size) / Math.max(1, stats.nlink - 1);
  }
}

/** What a look at a file gives; `unknown` where it fails. */
async function ifKnown<T>(look: () => MaybePromise<T>): Promise<T | 'unknown'> {
  try {
    return await look();
  } catch {
    return 'unknown';
  }
}

interface Suspect {
  readonly keyHash: string;
  readonly file: FileName;
  readonly stats: Stats;
  readonly now: number;
}

async function isLeftBehind(layout: Layout, { keyHash, file, stats, now }: Suspect): Promise<boolean> {
  if (!isLongAgo(generationTime(file.generation), now)) return false;
  if (file.kind === 'temporary') return now - stats.mtimeMs >= GRACE;
  // Not by the time of change of the file: each link that comes or goes renews it for all the others.
  const snapshot = await ifKnown(() => asyncAccess.read(layout.entry(keyHash)));
  // Whose entry cannot be read goes with it, in a later scan.
  if (snapshot === 'unknown') return false;
  const entry = snapshot && decodeEntry(snapshot.bytes);
  return entry?.separate?.generation !== file.generation;
}

async function removeLoneAnchors(folder: string): Promise<void> {
  for (const batch of batches(await namesIn(folder))) {
    await Promise.all(batch.map(async (name) => await removeLoneAnchor(folder, name)));
  }
}

async function removeLoneAnchor(folder: string, name: string): Promise<void> {
  if (parseFileName(name)?.kind !== 'entry') return;
  const stats = await ifKnown(() => asyncAccess.stat(`${folder}/${name}`));
  if (stats !== 'unknown' && stats?.isFile() === true && stats.nlink === 1) await sweep(`${folder}/${name}`);
}

/** Removes what was left behind. Where that may not be, or fails, a later scan tries again: the figures do not wait for it. */
export async function sweep(path: string): Promise<void> {
  await fs.unlink(path).catch(() => {});
}

function* batches(names: readonly string[]): Generator<readonly string[], void, undefined> {
  for (let start = 0; start < names.length; start += BATCH) yield names.slice(start, start + BATCH);
}
