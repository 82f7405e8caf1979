import { join } from 'node:path';
import { decodeEntry } from '../../../../src/managers/disk/format/entry-record.ts';
import { Layout, parseFileName } from '../../../../src/managers/disk/format/layout.ts';
import { blockBytes } from '../../../../src/managers/disk/limits/usage.ts';
import { plainFs } from './watched-files.ts';

/** What is in the folder of a store, as somebody sees it who knows the format. */
export interface Audit {
  readonly entries: number;
  /** Bytes that count towards the limit. */
  readonly bytes: number;
  /** Files that no entry needs. */
  readonly leftovers: readonly string[];
}

/** What is there once. A secret that was not named yet is a matter of `verify`. */
const ONCE = /^(CACHEDIR\.TAG|format\.json|ledger|secret([.-][0-9a-z-]+)?)$/;

/** Looks through the folder of a store. */
export function auditStore(path: string): Audit {
  const { root } = new Layout(path);
  const files = plainFs
    .readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  const named = new Set<string>();
  const bodies = new Map<number, number>();
  let entries = 0;
  let bytes = 0;
  for (const name of files) {
    if (!name.startsWith('metadata/') || parseFileName(name.slice(12))?.kind !== 'entry') continue;
    const entry = decodeEntry(plainFs.readFileSync(`${root}/${name}`));
    if (entry === undefined) continue;
    entries++;
    bytes += blockBytes(plainFs.statSync(`${root}/${name}`).size);
    named.add(name);
    if (entry.separate === undefined) continue;
    const body = `${name}.${entry.separate.generation}`;
    named.add(body);
    const stats = plainFs.statSync(`${root}/${body}`, { throwIfNoEntry: false });
    if (stats !== undefined) bodies.set(stats.ino, blockBytes(stats.size));
  }
  const isNeeded = (name: string): boolean =>
    ONCE.test(name) ||
    named.has(name) ||
    (name.startsWith('content/') && bodies.has(plainFs.statSync(`${root}/${name}`).ino));
  for (const size of bodies.values()) bytes += size;
  return { entries, bytes, leftovers: files.filter((name) => !isNeeded(name)) };
}
