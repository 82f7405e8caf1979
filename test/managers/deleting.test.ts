import { describe, expect, it } from 'vitest';
import type { StreamingCacheManager } from '../../src/managers/manager.ts';
import { MemoryManager } from '../../src/managers/memory/memory-manager.ts';
import { temporaryManager } from './disk/temporary-folder.ts';
import { samplePolicy, sampleResponse } from './samples.ts';

describe.each<[name: string, make: () => StreamingCacheManager]>([
  ['memory', () => new MemoryManager()],
  ['disk', () => temporaryManager().manager],
])('deleting one revision of an entry in %s', (_name, make) => {
  it('removes that one, and leaves a later one where it is', async () => {
    const manager = make();
    await manager.put('key', sampleResponse('old'), samplePolicy('old'));
    const old = await manager.getStream('key');
    old?.release();
    await manager.put('key', sampleResponse('new'), samplePolicy('new'));
    await manager.delete('key', old?.token);
    const found = await manager.getStream('key');
    found?.release();
    expect(found?.policy.id).toBe('new');
    await manager.delete('key', found?.token);
    expect(await manager.get('key')).toBeUndefined();
  });
});
