import { StreamingManager } from '../../src/managers/disk/streaming-manager.ts';
import type { StreamingCacheManager } from '../../src/managers/manager.ts';
import { MemoryManager } from '../../src/managers/memory/memory-manager.ts';
import { tempDir } from './temp-dir.ts';

/** A manager with nothing in it; dispose of it with `await using`. */
export interface OpenManager extends AsyncDisposable {
  readonly manager: StreamingCacheManager;
}

/** A way to make a manager. */
export interface ManagerRow {
  readonly name: string;
  readonly open: () => Promise<OpenManager>;
}

/** The managers that every behaviour holds for, for `describe.each`. */
export const managerRows: readonly ManagerRow[] = [
  {
    name: 'memory',
    open: async () => ({ manager: new MemoryManager(), [Symbol.asyncDispose]: async () => undefined }),
  },
  { name: 'disk', open: () => onDisk('auto') },
  { name: 'disk, read asynchronously', open: () => onDisk('async') },
];

async function onDisk(io: 'auto' | 'async'): Promise<OpenManager> {
  const folder = await tempDir();
  const manager = new StreamingManager({ path: folder.path, io });
  return {
    manager,
    [Symbol.asyncDispose]: async () => {
      await manager.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}
