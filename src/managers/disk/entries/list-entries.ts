import type { CacheEntrySummary } from '../../manager.ts';
import { decodeEntry } from '../format/entry-record.ts';
import { asyncAccess } from '../files/file-access.ts';
import { namesIn } from '../files/names-in.ts';
import { groupName, GROUPS, keyHash, parseFileName, type Layout } from '../format/layout.ts';

/** Reads entry after entry, group by group. What comes or goes meanwhile may or may not be among them. */
export async function* listEntries(layout: Layout): AsyncGenerator<CacheEntrySummary, void, undefined> {
  for (let group = 0; group < GROUPS; group++) {
    const folder = groupName(group);
    for (const name of await namesIn(`${layout.metadata}/${folder}`)) {
      if (parseFileName(name)?.kind !== 'entry') continue;
      const file = await asyncAccess.read(`${layout.metadata}/${folder}/${name}`);
      const entry = file && decodeEntry(file.bytes);
      if (entry === undefined || keyHash(entry.cacheKey) !== folder + name) continue;
      yield { cacheKey: entry.cacheKey, head: entry.head, policy: entry.policy, size: entry.size };
    }
  }
}
