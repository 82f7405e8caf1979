import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { StreamingManager } from '../../../src/managers/disk/streaming-manager.ts';
import type { CacheWriter } from '../../../src/managers/manager.ts';
import { sampleHead, samplePolicy, sampleResponse, storedText } from '../samples.ts';
import { filesUnder, temporaryManager } from './temporary-folder.ts';

const MAX_SIZE = 4_000_000;
const CHUNKS = 8;
const CHUNK = 200_000;
const NO_ROOM = { code: 'ERR_HTTP_CACHE_ENTRY_TOO_LARGE' };

/** What the files under a folder take, each counted once however many links it has. */
function bytesUnder(path: string): number {
  const sizes = new Map<number, number>();
  for (const name of filesUnder(path)) {
    const stats = statSync(`${path}/${name}`, { throwIfNoEntry: false });
    if (stats !== undefined) sizes.set(stats.ino, stats.size);
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

/** Writes a body but does not commit it; the writer, or nothing when it is refused, and then it is aborted. */
async function begin(
  manager: StreamingManager,
  key: string,
  size?: number,
): Promise<CacheWriter | undefined> {
  const options = size === undefined ? {} : { size };
  const writer = manager.putStream(key, sampleHead(), samplePolicy(), options);
  try {
    for (let n = 0; n < CHUNKS; n++) await writer.write(Buffer.alloc(CHUNK, `${key} ${n}`));
    return writer;
  } catch (error) {
    expect(error).toMatchObject(NO_ROOM);
    await writer.abort(error);
    return undefined;
  }
}

describe.each([
  ['known', CHUNKS * CHUNK],
  ['unknown', undefined],
])('bodies of %s length that are under way', (_what, size) => {
  it('count towards the limit, and those that it has no room for are refused', async () => {
    const { manager, path } = temporaryManager({ maxSize: MAX_SIZE, maxEntrySize: 2_000_000 });
    const writers: CacheWriter[] = [];
    for (let n = 0; n < 10; n++) {
      const writer = await begin(manager, `key ${n}`, size);
      if (writer !== undefined) writers.push(writer);
      expect(bytesUnder(path)).toBeLessThan(MAX_SIZE);
    }
    expect(writers).toHaveLength(2);
    for (const writer of writers) expect(await writer.commit()).toBe(true);
    expect(await manager.stats()).toMatchObject({ entries: 2, bytes: 2 * (1_601_536 + 4_096) });
  });

  it('make room by evicting', async () => {
    const { manager, path } = temporaryManager({ maxSize: MAX_SIZE, maxEntrySize: 2_000_000 });
    for (let n = 0; n < 5; n++) {
      const writer = await begin(manager, `key ${n}`, size);
      expect(bytesUnder(path)).toBeLessThan(MAX_SIZE);
      expect(await writer?.commit()).toBe(true);
    }
    expect(await manager.stats()).toMatchObject({ entries: 2, evictions: 3 });
  });

  it('give their room back when they are aborted, and when they are refused', async () => {
    const { manager, path } = temporaryManager({ maxSize: MAX_SIZE, maxEntrySize: 2_000_000 });
    for (let n = 0; n < 6; n++) {
      const writers = await Promise.all(
        ['a', 'b', 'c', 'd'].map(async (key) => await begin(manager, key, size)),
      );
      for (const writer of writers) await writer?.abort();
    }
    const keys = ['e', 'f'];
    const writers = await Promise.all(keys.map(async (key) => await begin(manager, key, size)));
    for (const writer of writers) expect(await writer?.commit()).toBe(true);
    expect(bytesUnder(path)).toBeGreaterThan(2 * CHUNKS * CHUNK);
  });

  it('hold up nothing else when they do not go on', async () => {
    const { manager } = temporaryManager({ maxSize: MAX_SIZE, maxEntrySize: 2_000_000 });
    const stalled = [await begin(manager, 'a', size), await begin(manager, 'b', size)];
    for (let n = 0; n < 300; n++) await manager.put(`small ${n}`, sampleResponse('body'), samplePolicy());
    expect(await storedText(manager, 'small 299')).toBe('body');
    for (const writer of stalled) expect(await writer?.commit()).toBe(true);
    expect((await manager.stats()).bytes).toBeLessThanOrEqual(MAX_SIZE);
  });
});

describe('a body that is too large by its announced length', () => {
  it('is refused before anything is evicted for it', async () => {
    const { manager } = temporaryManager({ maxSize: 102_400 });
    await manager.put('small', sampleResponse('body'), samplePolicy());
    for (const size of [100_000, 102_401]) {
      const writer = manager.putStream('large', sampleHead(), samplePolicy(), { size });
      await expect(async () => await writer.write(Buffer.alloc(40_000))).rejects.toMatchObject(NO_ROOM);
      await writer.abort();
    }
    expect(await manager.stats()).toMatchObject({ entries: 1, evictions: 0 });
  });
});

describe('large bodies that are put all at once', () => {
  it('are kept or refused, within the limit at every moment', async () => {
    const { manager, path } = temporaryManager({ maxSize: 1_000_000 });
    const puts = Array.from({ length: 20 }, async (_, n) => {
      await manager.put(`key ${n}`, sampleResponse(Buffer.alloc(300_000, `${n} `)), samplePolicy());
      expect(bytesUnder(path)).toBeLessThan(1_000_000);
    });
    for (const result of await Promise.allSettled(puts)) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject(NO_ROOM);
    }
    expect(await manager.stats()).toMatchObject({ entries: 3 });
  });
});
