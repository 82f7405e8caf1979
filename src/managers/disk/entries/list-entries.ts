import { setImmediate } from 'node:timers/promises';
import type { CacheEntrySummary } from '../../manager.ts';
import { isUnreadable } from '../files/file-access.ts';
import { ReadMode } from '../files/read-mode.ts';
import { decodeEntry, type DecodedEntry } from '../format/entry-record.ts';
import { namesIn } from '../files/names-in.ts';
import { groupName, GROUPS, keyHash, parseFileName, type Layout } from '../format/layout.ts';

/** So many entries are read before everything else in the process gets its turn: about a millisecond's worth. */
const BURST = 64;

/**
 * Reads entry after entry, group by group. What comes or goes meanwhile may or may not be among them; what is damaged, or can
 * never be read, is not.
 */
export async function* listEntries(
  layout: Layout,
  io: 'auto' | 'async',
): AsyncGenerator<CacheEntrySummary, void, undefined> {
  const mode = new ReadMode(layout.root, io);
  let read = 0;
  for (let group = 0; group < GROUPS; group++) {
    const folder = groupName(group);
    for (const name of await namesIn(`${layout.metadata}/${folder}`)) {
      if (parseFileName(name)?.kind !== 'entry') continue;
      if (++read % BURST === 0) await setImmediate();
      const entry = await readEntry(mode, `${layout.metadata}/${folder}/${name}`);
      if (entry === undefined || keyHash(entry.cacheKey) !== folder + name) continue;
      yield { cacheKey: entry.cacheKey, head: entry.head, policy: entry.policy, size: entry.size };
    }
  }
}

async function readEntry(mode: ReadMode, path: string): Promise<DecodedEntry | undefined> {
  try {
    const file = await mode.run((files) => files.read(path));
    return file && decodeEntry(file.bytes);
  } catch (error) {
    // One bad sector must not hide all the others.
    if (isUnreadable(error)) return undefined;
    throw error;
  }
}
