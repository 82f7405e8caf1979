import fs from 'fs-extra';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { keyHash, Layout } from '../../../../src/managers/disk/format/layout.ts';
import { samplePolicy, sampleResponse, storedText } from '../../samples.ts';
import { temporaryManager } from '../temporary-folder.ts';

afterEach(() => vi.restoreAllMocks());

/** Has listings of folders fail with `EIO` while the given function says so; gives how many were asked for. */
function failListings(fails: (path: string) => boolean): () => number {
  let calls = 0;
  const readdir = fs.readdir as (path: string) => Promise<string[]>;
  vi.spyOn(fs, 'readdir').mockImplementation((async (path: string) => {
    calls++;
    if (fails(path)) throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
    return await readdir(path);
  }) as never);
  return () => calls;
}

type Manager = ReturnType<typeof temporaryManager>['manager'];

async function put(manager: Manager, from: number, to: number): Promise<void> {
  for (let n = from; n < to; n++) await manager.put(`key ${n}`, sampleResponse('x'), samplePolicy());
}

/** A store of that many entries, closed, and the folder of the group that the first of them lies in. */
async function storeOf(entries: number): Promise<{ path: string; layout: Layout; group: string }> {
  const { manager, path } = temporaryManager();
  await put(manager, 0, entries);
  await manager.stats();
  await manager.close();
  const layout = new Layout(path);
  return { path, layout, group: layout.entry(keyHash('key 0')).slice(0, -63) };
}

describe('a group that cannot be read', () => {
  it('stops nobody from storing, and counts once it can be read', async () => {
    const { path, layout, group } = await storeOf(10);
    await fs.remove(layout.ledger);
    let isBad = true;
    failListings((folder) => isBad && folder === group);
    const { manager } = temporaryManager({ path });
    await put(manager, 100, 103);
    expect((await manager.stats()).entries).toBeLessThan(13);
    isBad = false;
    expect(await manager.stats()).toMatchObject({ entries: 13 });
  });

  it('counts as what the ledger says of it, and does not have the rest scanned again', async () => {
    const { path, group } = await storeOf(200);
    const calls = failListings((folder) => folder === group);
    const { manager } = temporaryManager({ path });
    expect(await manager.stats()).toMatchObject({ entries: 200 });
    const before = calls();
    await put(manager, 200, 210);
    expect(calls() - before).toBeLessThan(10);
  });

  it('does not keep the others from making room', async () => {
    const { path, group } = await storeOf(50);
    failListings((folder) => folder === group);
    const { manager } = temporaryManager({ path, maxEntries: 40 });
    await put(manager, 100, 110);
    expect(await manager.stats()).toMatchObject({ entries: 40, evictions: 20 });
    expect(await storedText(manager, 'key 109')).toBe('x');
  });

  it('is found by itself when the folder of all groups cannot be listed', async () => {
    const { path, layout } = await storeOf(10);
    await fs.remove(layout.ledger);
    failListings((folder) => folder === layout.metadata);
    const { manager } = temporaryManager({ path });
    await put(manager, 10, 13);
    expect(await manager.stats()).toMatchObject({ entries: 13 });
  });
});
