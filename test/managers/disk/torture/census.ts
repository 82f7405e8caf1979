import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What the files of a store take on disk. */
export interface Census {
  /** Entries, bodies and anchors: each file once, however many names it has. */
  readonly published: number;
  /** What was written and belongs to no entry, or not yet. */
  readonly unpublished: number;
  /** Names of entry files. */
  readonly entries: number;
}

const ENTRY = /^metadata\/[0-9a-f]{2}\/[0-9a-f]{62}$/;
const BODY = /^(metadata|content)\/[0-9a-f]{2}\/[0-9a-f]{62}(\.[0-9a-z]+-[0-9a-f]+)?$/;
const OTHERS = /^(CACHEDIR\.TAG|format\.json|secret|ledger)[^/]*$/;
const BLOCK = 4096;

/** Counts what is in the inner folder of a store, by its files alone. */
export function takeCensus(folder: string): Census {
  const counted = new Set<number>();
  let published = 0;
  let unpublished = 0;
  let entries = 0;
  for (const path of filesIn(folder)) {
    const name = path.slice(folder.length + 1);
    if (OTHERS.test(name)) continue;
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined || counted.has(stats.ino)) continue;
    counted.add(stats.ino);
    const bytes = Math.ceil(stats.size / BLOCK) * BLOCK;
    if (ENTRY.test(name)) entries++;
    if (BODY.test(name)) published += bytes;
    else unpublished += bytes;
  }
  return { published, unpublished, entries };
}

/** The paths of all files in a folder; what goes meanwhile may or may not be among them. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((item) => {
    const path = join(folder, item.name);
    return item.isDirectory() ? filesIn(path) : [path];
  });
}
