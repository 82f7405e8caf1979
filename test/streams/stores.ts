import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { StreamingManager } from '../../src/managers/disk/streaming-manager.ts';
import type { StreamingCacheManager } from '../../src/managers/manager.ts';
import { MemoryManager } from '../../src/managers/memory/memory-manager.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { openFiles } from './open-files.ts';

/** Limits that every manager has. */
export interface Limits {
  readonly maxSize?: number;
  readonly maxEntrySize?: number;
}

/** A store with nothing in it, and what can be seen of it from outside. */
export interface OpenStore extends AsyncDisposable {
  readonly manager: StreamingCacheManager;
  /** The files that are there for entries or bodies, finished or not; memory has none. */
  files(): string[];
  /** The files of the store that this process has open, but for the ledger, which stays so. */
  descriptors(): string[];
}

/** A way to make a store. */
export interface StoreRow {
  readonly store: string;
  readonly openStore: (limits?: Limits) => Promise<OpenStore>;
}

/** The stores that every behaviour holds for. */
export const storeRows: readonly StoreRow[] = [
  {
    store: 'memory',
    openStore: async (limits) => ({
      manager: new MemoryManager(limits),
      files: () => [],
      descriptors: () => [],
      [Symbol.asyncDispose]: async () => undefined,
    }),
  },
  { store: 'disk', openStore: (limits) => onDisk({ ...limits, io: 'auto' }) },
  { store: 'disk, read asynchronously', openStore: (limits) => onDisk({ ...limits, io: 'async' }) },
];

async function onDisk(options: Limits & { readonly io: 'auto' | 'async' }): Promise<OpenStore> {
  const folder = await tempDir();
  const manager = new StreamingManager({ ...options, path: folder.path, minFree: 0 });
  return {
    manager,
    files: () =>
      readdirSync(folder.path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /(metadata|content|incoming)/.test(entry.parentPath))
        .map((entry) => join(entry.parentPath, entry.name)),
    descriptors: () =>
      openFiles().filter((path) => path.startsWith(folder.path) && !path.includes('/ledger')),
    [Symbol.asyncDispose]: async () => {
      await manager.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}
