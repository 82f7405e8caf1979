import { lutimesSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Layout } from '../../../../src/managers/disk/format/layout.ts';
import { SettableClock } from '../../../../src/testing/settable-clock.ts';
import { sampleHead, samplePolicy, sampleResponse, storedText } from '../../samples.ts';
import { filesUnder, temporaryFolder, temporaryManager } from '../temporary-folder.ts';

const NO_ROOM = { code: 'ERR_HTTP_CACHE_ENTRY_TOO_LARGE' };

describe('a body that is under way', () => {
  it('has a file for its owner alone, as long as the room that is held for it', async () => {
    const { manager, path } = temporaryManager();
    await manager.put('other', sampleResponse('other'), samplePolicy());
    await manager.stats();
    const writer = manager.putStream('key', sampleHead(), samplePolicy(), { size: 1_000_000 });
    await writer.write(Buffer.alloc(100_000));
    const folder = `${path}/cache-v2/incoming`;
    const [name = ''] = filesUnder(folder);
    expect(statSync(`${folder}/${name}`)).toMatchObject({ size: 245 * 4_096 });
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(`${folder}/${name}`).mode & 0o777).toBe(0o600);
    await writer.abort();
    expect(filesUnder(folder)).toEqual([]);
  });

  it('counts towards the limits of the other processes, until it is stored or given up', async () => {
    const path = temporaryFolder();
    const [one, other] = [0, 1].map(() => temporaryManager({ path, maxSize: 2_000_000 }).manager);
    if (one === undefined || other === undefined) throw new Error('no managers');
    await one.stats();
    const writer = one.putStream('one', sampleHead(), samplePolicy(), { size: 1_200_000 });
    await writer.write(Buffer.alloc(1_100_000));
    const large = sampleResponse(Buffer.alloc(1_000_000, 'other '));
    await expect(other.put('other', large, samplePolicy())).rejects.toMatchObject(NO_ROOM);
    await writer.abort();
    await one.stats();
    await other.put('other', large, samplePolicy());
    expect(await storedText(one, 'other')).toContain('other');
  });

  it('puts out no more than as much again as came of it, whatever length was announced', async () => {
    const maxSize = 4 * 1024 * 1024;
    const { manager, path } = temporaryManager({ maxSize, maxEntrySize: maxSize - 8_192 });
    for (let n = 0; n < 100; n++) {
      await manager.put(`key ${n}`, sampleResponse(Buffer.alloc(30_000, n)), samplePolicy());
    }
    const size = manager.maxEntrySize;
    const writer = manager.putStream('large', sampleHead(), samplePolicy(), { size });
    const folder = `${path}/cache-v2/incoming`;
    await writer.write(Buffer.alloc(40_000));
    const [name = ''] = filesUnder(folder);
    expect(statSync(`${folder}/${name}`)).toMatchObject({ size: 26 * 4_096 });
    expect((await manager.stats()).entries).toBeGreaterThan(95);
    await writer.write(Buffer.alloc(960_000));
    expect(statSync(`${folder}/${name}`)).toMatchObject({ size: 489 * 4_096 });
    expect((await manager.stats()).entries).toBeGreaterThan(50);
    await writer.write(Buffer.alloc(size - 1_000_000));
    expect(statSync(`${folder}/${name}`).size).toBe(size);
    expect(await manager.stats()).toMatchObject({ entries: 0 });
    expect(await writer.commit()).toBe(true);
    expect(await storedText(manager, 'large')).toHaveLength(size);
    expect(await manager.stats()).toMatchObject({ entries: 1, bytes: size + 4_096 });
  });

  it('is refused at its first bytes, and puts nothing out, when what was announced can never fit', async () => {
    const { manager } = temporaryManager({ maxSize: 4_000_000 });
    await manager.put('other', sampleResponse(Buffer.alloc(30_000)), samplePolicy());
    const before = manager.putStream('before', sampleHead(), samplePolicy());
    await before.write(Buffer.alloc(2_000_000));
    const writer = manager.putStream('key', sampleHead(), samplePolicy(), { size: 2_000_000 });
    await expect(async () => await writer.write(Buffer.alloc(100_000))).rejects.toMatchObject(NO_ROOM);
    await writer.abort();
    expect(await manager.stats()).toMatchObject({ entries: 1, evictions: 0 });
    await before.abort();
  });

  it('is not stored when the store was cleared since it began', async () => {
    const { manager } = temporaryManager();
    const writer = manager.putStream('key', sampleHead(), samplePolicy());
    await writer.write(Buffer.alloc(100_000));
    await manager.clear();
    expect(await writer.commit()).toBe(false);
    expect(await manager.stats()).toMatchObject({ entries: 0, bytes: 0 });
  });

  it('is touched each minute, so that nobody takes its writer for dead', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const path = temporaryFolder();
    const clock = new SettableClock(Date.now());
    const { manager } = temporaryManager({ path, clock });
    await manager.put('other', sampleResponse('other'), samplePolicy());
    await manager.stats();
    const writer = manager.putStream('key', sampleHead(), samplePolicy());
    await writer.write(Buffer.alloc(100_000, 'x'));
    const folder = `${path}/cache-v2/incoming`;
    const file = `${folder}/${filesUnder(folder)[0]}`;
    lutimesSync(file, 1_000, 1_000);
    vi.advanceTimersByTime(60_000);
    await expect.poll(() => statSync(file).mtimeMs).toBeGreaterThan(Date.now() - 60_000);
    await temporaryManager({ path, clock }).manager.stats();
    expect(await writer.commit()).toBe(true);
    expect(await storedText(manager, 'key')).toHaveLength(100_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('what a killed process leaves of a body', () => {
  it('counts for ten minutes, and then is removed by whoever stores', async () => {
    const path = temporaryFolder();
    const clock = new SettableClock(Date.now());
    const { manager: before } = temporaryManager({ path, clock });
    await before.put('a', sampleResponse(Buffer.alloc(50_000)), samplePolicy());
    await before.close();
    const layout = new Layout(path);
    const left = layout.incoming('abc-0123456789abcdef');
    writeFileSync(left, Buffer.alloc(1_500_000));
    writeFileSync(layout.incoming('notes'), 'of somebody else');
    const large = sampleResponse(Buffer.alloc(1_000_000));
    clock.advance(9 * 60_000);
    const { manager } = temporaryManager({ path, clock, maxSize: 2_000_000 });
    await expect(manager.put('b', large, samplePolicy())).rejects.toMatchObject(NO_ROOM);
    expect(await storedText(manager, 'a')).toHaveLength(50_000);
    clock.advance(2 * 60_000);
    await manager.put('b', large, samplePolicy());
    expect(filesUnder(layout.unpublished)).toEqual(['notes']);
  });
});
