import { mkdirSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { groupName, GROUPS, Layout } from '../../../../src/managers/disk/format/layout.ts';
import { samplePolicy, sampleResponse, storedText } from '../../samples.ts';
import { temporaryFolder, temporaryManager } from '../temporary-folder.ts';
import { onSmallDisk, usedIn } from './small-disk.ts';

afterEach(() => vi.restoreAllMocks());

const NO_ROOM = { code: 'ERR_HTTP_CACHE_ENTRY_TOO_LARGE', message: expect.stringContaining('no room') };

type Manager = ReturnType<typeof temporaryManager>['manager'];

async function put(manager: Manager, key: string, size: number = 10): Promise<void> {
  await manager.put(key, sampleResponse(Buffer.alloc(size, `${key} `)), samplePolicy());
}

/** A store, closed, of that many entries, with the folders of all groups. */
async function storeOf(entries: number, size?: number): Promise<string> {
  const { manager, path } = temporaryManager();
  const { metadata, content } = new Layout(path);
  for (let group = 0; group < GROUPS; group++)
    for (const folder of [metadata, content]) mkdirSync(`${folder}/${groupName(group)}`, { mode: 0o700 });
  for (let n = 0; n < entries; n++) await put(manager, `key ${n}`, size);
  await manager.close();
  return path;
}

describe('the part of the disk that is left free', () => {
  it('is not used, however little is stored', async () => {
    const path = temporaryFolder();
    onSmallDisk(path, { blocks: 1_000, files: 0 });
    const { manager } = temporaryManager({ path, minFree: 0.999_999 });
    for (const size of [0, 10, 100_000])
      await expect(put(manager, 'key', size)).rejects.toMatchObject(NO_ROOM);
    expect(await manager.stats()).toMatchObject({ entries: 0, bytes: 0 });
  });

  it('costs no entry when all of them would not free enough, and no replacement that takes no more', async () => {
    const path = await storeOf(10);
    onSmallDisk(path, { blocks: 1_000, files: 0 });
    const { manager } = temporaryManager({ path, minFree: 0.999_999 });
    await expect(put(manager, 'new')).rejects.toMatchObject(NO_ROOM);
    await manager.put('key 3', sampleResponse('other'), samplePolicy());
    expect(await storedText(manager, 'key 3')).toBe('other');
    expect(await manager.stats()).toMatchObject({ entries: 10, evictions: 0 });
  });

  it('is made free by evicting when that is enough', async () => {
    const path = await storeOf(60, 100_000);
    const { blocks } = usedIn(path);
    // Half of what is stored too little.
    onSmallDisk(path, { blocks: 2 * blocks, files: 0 });
    const { manager } = temporaryManager({ path, minFree: 0.75 });
    await put(manager, 'new');
    expect(await storedText(manager, 'key 59')).toContain('key 59');
    const { entries } = await manager.stats();
    expect(entries).toBeGreaterThan(25);
    expect(entries).toBeLessThan(35);
  });

  it('is a part of the files that it can hold, too', async () => {
    const path = await storeOf(60);
    const { files } = usedIn(path);
    onSmallDisk(path, { blocks: 1e9, files: 10_000 });
    const { manager } = temporaryManager({ path, minFree: 1 - (files - 30) / 10_000 });
    for (let n = 0; n < 50; n++) await put(manager, `new ${n}`);
    expect(usedIn(path).files).toBeLessThan(files);
    expect((await manager.stats()).entries).toBeGreaterThan(25);
  });
});

describe('a disk that can hold no more files', () => {
  it('has as many entries go as come, whatever their size, until others make room', async () => {
    let now = 1_000;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    const path = await storeOf(60);
    const disk = { blocks: 1e9, files: usedIn(path).files };
    onSmallDisk(path, disk);
    const { manager } = temporaryManager({ path });
    await expect(put(manager, 'first')).rejects.toMatchObject({
      code: 'ERR_HTTP_CACHE_MANAGER',
      message: expect.stringContaining('inodes'),
    });
    for (let n = 0; n < 50; n++) await put(manager, `key ${n}`, n % 10 === 0 ? 100_000 : 10);
    const { entries } = await manager.stats();
    expect(entries).toBeGreaterThan(30);
    expect(entries).toBeLessThan(50);
    now += 31_000;
    disk.files += 1_000;
    for (let n = 0; n < 20; n++) await put(manager, `other ${n}`);
    expect((await manager.stats()).entries).toBe(entries + 20);
  });
});
