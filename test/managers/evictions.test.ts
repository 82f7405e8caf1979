import { describe, expect, it } from 'vitest';
import { HttpCache, type CacheEvent } from '../../src/index.ts';
import { StreamingManager } from '../../src/managers/disk/streaming-manager.ts';
import { MemoryManager } from '../../src/managers/memory/memory-manager.ts';
import type { EvictedEntry } from '../../src/managers/manager.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { sampleHead, samplePolicy } from './samples.ts';

const kinds = [
  ['memory', () => new MemoryManager({ maxEntries: 2 })],
  ['disk', (path: string) => new StreamingManager({ path, maxEntries: 2, minFree: 0 })],
] as const;

const head = sampleHead();
const policy = samplePolicy();

const response = { ...head, body: Buffer.from('body') };

describe.each(kinds)('evictions over %s', (_kind, make) => {
  it('are told to each observer, with the key, the target URI and the size', async () => {
    await using folder = await tempDir();
    const manager = make(folder.path);
    const told: EvictedEntry[] = [];
    const stopped: EvictedEntry[] = [];
    manager.evictions.observe((entry) => told.push(entry));
    manager.evictions.observe((entry) => stopped.push(entry))();
    for (const key of ['a', 'b', 'c']) await manager.put(key, response, policy);

    expect(told).toHaveLength(1);
    expect(['a', 'b']).toContain(told[0]?.cacheKey);
    expect(told[0]).toMatchObject({ url: head.url, size: 4 });
    expect(stopped).toEqual([]);
    await manager.close();
  });

  it('do not tell of what is deleted or replaced', async () => {
    await using folder = await tempDir();
    const manager = make(folder.path);
    const told: EvictedEntry[] = [];
    manager.evictions.observe((entry) => told.push(entry));
    await manager.put('a', response, policy);
    await manager.put('a', response, policy);
    await manager.delete('a');
    await manager.clear();

    expect(told).toEqual([]);
    await manager.close();
  });

  it('are events of the cache, and an observer that throws hurts nobody', async () => {
    await using folder = await tempDir();
    const manager = make(folder.path);
    const events: CacheEvent[] = [];
    const cache = new HttpCache({ manager, onEvent: (event) => events.push(event) });
    const warned = new Promise((resolve) => process.once('warning', resolve));
    manager.evictions.observe(() => {
      throw new Error('an observer failed');
    });
    for (const key of ['a', 'b', 'c']) await manager.put(key, response, policy);

    expect(events).toEqual([{ type: 'evict', url: head.url, key: expect.any(String), size: 4 }]);
    expect(await warned).toMatchObject({ message: 'an observer failed' });
    await cache.close();
  });
});
