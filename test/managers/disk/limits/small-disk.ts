import { constants, lstatSync, readdirSync } from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import fs from 'fs-extra';
import { onTestFinished } from 'vitest';

/** A disk, as large as a test wants it at the moment. */
export interface SmallDisk {
  /** Blocks of 4 KiB that it has. */
  blocks: number;
  /** Files and folders that it can hold; 0 where there is no such number. */
  files: number;
}

const BLOCK = 4_096;

/** Has the file system answer, until the test has finished, as if a folder were all of such a disk. */
export function onSmallDisk(folder: string, disk: SmallDisk): void {
  const { statfs } = promises;
  const { open } = fs;
  Object.assign(promises, {
    statfs: async () => {
      const { blocks, files } = disk;
      const used = usedIn(folder);
      const free = blocks - used.blocks;
      const ffree = Math.max(0, files - used.files);
      return await Promise.resolve({ bsize: BLOCK, blocks, bavail: free, bfree: free, files, ffree });
    },
  });
  Object.assign(fs, {
    open: async (path: string, flags: number, mode?: number) => {
      const isNew = (flags & constants.O_CREAT) !== 0;
      if (isNew && disk.files > 0 && usedIn(folder).files >= disk.files)
        throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
      return await open(path, flags, mode);
    },
  });
  syncBuiltinESMExports();
  onTestFinished(() => {
    Object.assign(promises, { statfs });
    Object.assign(fs, { open });
    syncBuiltinESMExports();
  });
}

/** What lies in a folder, each file once however many names it has. */
export function usedIn(folder: string): { readonly blocks: number; readonly files: number } {
  const sizes = new Map<number, number>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const stats = lstatSync(join(folder, name), { throwIfNoEntry: false });
    if (stats !== undefined) sizes.set(stats.ino, stats.isFile() ? Math.ceil(stats.size / BLOCK) : 0);
  }
  return { blocks: [...sizes.values()].reduce((sum, size) => sum + size, 0), files: sizes.size };
}
