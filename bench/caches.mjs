// @ts-check
import { HttpCache } from 'http-larder';
import { StreamingManager } from 'http-larder/disk';
import { MemoryManager } from 'http-larder/memory';

/** A cache in memory. */
export function memoryCache() {
  return new HttpCache({ manager: new MemoryManager() });
}

/**
 * A cache on disk.
 *
 * @param {string} folder
 */
export function diskCache(folder) {
  return new HttpCache({ manager: new StreamingManager({ path: folder }) });
}
