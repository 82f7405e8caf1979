import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { keyHash, Layout } from '../../../src/managers/disk/format/layout.ts';
import type { StreamingManager } from '../../../src/managers/disk/streaming-manager.ts';
import { samplePolicy, sampleResponse } from '../samples.ts';
import { openDescriptors } from './open-descriptors.ts';
import { temporaryManager } from './temporary-folder.ts';

const KEYS = Array.from({ length: 60 }, (_, n) => `key ${n}`);

async function filled(): Promise<{ readonly manager: StreamingManager; readonly path: string }> {
  const { manager, path } = temporaryManager();
  for (const key of KEYS) await manager.put(key, sampleResponse(key), samplePolicy());
  return { manager, path };
}

/** The keys that are listed, something being done after the first of them. */
async function listed(manager: StreamingManager, meanwhile?: () => Promise<unknown>): Promise<string[]> {
  const keys: string[] = [];
  for await (const { cacheKey } of manager.entries()) {
    keys.push(cacheKey);
    if (keys.length === 1) await meanwhile?.();
  }
  return keys;
}

describe('entries()', () => {
  it('lists each entry once while others are stored and replaced', async () => {
    const { manager, path } = await filled();
    const { manager: other } = temporaryManager({ path });
    const keys = await listed(manager, async () => {
      for (const key of [...KEYS, 'new']) await other.put(key, sampleResponse('new'), samplePolicy());
    });
    expect(keys.filter((key) => key !== 'new').toSorted()).toEqual(KEYS.toSorted());
  });

  it('ends without an error when everything is cleared, or evicted, meanwhile', async () => {
    const { manager, path } = await filled();
    const { manager: other } = temporaryManager({ path });
    expect((await listed(manager, async () => await other.clear())).length).toBeLessThan(KEYS.length);
    for (const key of KEYS) await manager.put(key, sampleResponse(key), samplePolicy());
    const { manager: small } = temporaryManager({ path, maxEntries: 1 });
    const evict = async (): Promise<unknown> => await small.put('new', sampleResponse(''), samplePolicy());
    expect((await listed(manager, evict)).length).toBeLessThan(KEYS.length);
  });

  it('passes over what is damaged, and over what is none', async () => {
    const { manager, path } = await filled();
    const layout = new Layout(path);
    const files = KEYS.slice(0, 5).map((key) => layout.entry(keyHash(key)));
    const [cut = '', empty = '', swapped = '', folder = '', link = ''] = files;
    const whole = readFileSync(cut);
    writeFileSync(swapped, whole);
    writeFileSync(cut, whole.subarray(0, 100));
    writeFileSync(empty, '');
    rmSync(folder);
    mkdirSync(folder);
    rmSync(link);
    symlinkSync(layout.entry(keyHash('key 10')), link);
    expect((await listed(manager)).toSorted()).toEqual(KEYS.slice(5).toSorted());
  });

  it('holds nothing open, also when it is left in the middle', async () => {
    const { manager } = await filled();
    await manager.stats();
    const before = openDescriptors();
    for await (const { size } of manager.entries()) {
      expect(size).toBeGreaterThan(0);
      break;
    }
    expect(openDescriptors()).toBe(before);
  });
});
