import { Evictions } from '../evictions.ts';
import { BodyFiles } from './bodies/body-files.ts';
import type { ResolvedDiskOptions } from './disk-options.ts';
import { EntryReader } from './entries/entry-reader.ts';
import { EntryLocks } from './entries/entry-locks.ts';
import { Evictor } from './limits/evictor.ts';
import { isRecentMark } from './limits/is-recent-mark.ts';
import { IncomingFiles } from './limits/incoming-files.ts';
import type { DecodedEntry } from './format/entry-record.ts';
import { Layout } from './format/layout.ts';
import { removeEntry } from './entries/remove-entry.ts';
import { ReadMode } from './files/read-mode.ts';
import { FolderWatch } from './folder/folder-watch.ts';
import { GroupFolders } from './folder/group-folders.ts';
import { Housekeeping } from './folder/housekeeping.ts';
import { StoreSecret } from './folder/secret.ts';
import { StoreFolder } from './folder/store-folder.ts';
import { readUsage, type CurrentEntry, type StoreParts } from './store-parts.ts';
import { DiskLeases } from './leases/disk-leases.ts';
import { Totals } from './limits/totals.ts';
import type { Usage } from './limits/usage.ts';
import { Uses } from './limits/uses.ts';

/**
 * Opens the folder of a store and puts together what works on it. Reads nothing of what is in it, and for `reading` makes
 * nothing there.
 */
export function openStore(options: ResolvedDiskOptions, purpose: 'use' | 'reading' = 'use'): StoreParts {
  const layout = new Layout(options.path);
  const folder = new StoreFolder({ path: options.path, layout, trustDirectory: options.trustDirectory });
  if (purpose === 'use') folder.open();
  else folder.prepareForReading();
  const groups = new GroupFolders(layout.metadata);
  const mode = new ReadMode(layout.root, options.io);
  const totals = new Totals(layout);
  const uses = new Uses(layout, options.clock);
  const remove = async (keyHash: string, unusedSince?: number): Promise<boolean> => {
    const isUnused = (current: CurrentEntry): boolean =>
      current.stats.mtimeMs === unusedSince &&
      !uses.isPending(keyHash) &&
      !isRecentMark(current, options.clock.now());
    let entry: DecodedEntry | undefined;
    const isRemoved = await removeEntry(parts, keyHash, (current) => {
      ({ entry } = current);
      return unusedSince === undefined || isUnused(current);
    });
    if (isRemoved && entry !== undefined) {
      const { cacheKey, head, size } = entry;
      parts.evictions.tell({ cacheKey, url: head.url, size });
    }
    return isRemoved;
  };
  const locks = new EntryLocks();
  const incoming = new IncomingFiles(layout);
  const usageOf = async (keyHash: string): Promise<Usage> => await readUsage(parts, keyHash);
  const onGone = (): void => {
    parts.evictor.forget();
    parts.reader.forget();
    uses.clear();
    parts.secret.forget();
  };
  const onMade = (): void => parts.secret.bringBack();
  const leases = new DiskLeases({ layout, folder, mode, clock: options.clock });
  const parts: StoreParts = {
    options,
    layout,
    folder,
    watch: new FolderWatch({ layout, folder, mode, onGone, onMade }),
    totals,
    uses,
    incoming,
    bodies: new BodyFiles(layout),
    evictor: new Evictor({ layout, options, totals, uses, locks, incoming, remove, usageOf }),
    locks,
    reader: new EntryReader({ layout, mode, groups, clock: options.clock }),
    groups,
    mode,
    secret: new StoreSecret({ layout, folder, clock: options.clock }),
    evictions: new Evictions(),
    housekeeping: new Housekeeping({ layout, options, totals, leases }),
    leases,
  };
  return parts;
}
