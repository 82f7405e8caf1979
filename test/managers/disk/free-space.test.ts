import { statfsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { samplePolicy, sampleResponse, storedText } from '../samples.ts';
import { temporaryFolder, temporaryManager } from './temporary-folder.ts';

const NO_ROOM = { code: 'ERR_HTTP_CACHE_ENTRY_TOO_LARGE', message: expect.stringContaining('no room') };

describe('the part of the disk that is left free', () => {
  it('is not used, however little is stored', async () => {
    const { manager } = temporaryManager({ minFree: 0.999_999 });
    for (const size of [0, 10, 100_000]) {
      const response = sampleResponse(Buffer.alloc(size));
      await expect(manager.put('key', response, samplePolicy())).rejects.toMatchObject(NO_ROOM);
    }
    expect(await manager.stats()).toMatchObject({ entries: 0, bytes: 0 });
  });

  it('costs no entry when all of them would not free enough, and no replacement that takes no more', async () => {
    const path = temporaryFolder();
    const { manager: before } = temporaryManager({ path });
    for (let n = 0; n < 10; n++) await before.put(`key ${n}`, sampleResponse('body'), samplePolicy());
    await before.close();
    const { manager } = temporaryManager({ path, minFree: 0.999_999 });
    await expect(manager.put('new', sampleResponse('body'), samplePolicy())).rejects.toMatchObject(NO_ROOM);
    await manager.put('key 3', sampleResponse('other'), samplePolicy());
    expect(await storedText(manager, 'key 3')).toBe('other');
    expect(await manager.stats()).toMatchObject({ entries: 10, evictions: 0 });
  });

  it('is made free by evicting when that is enough', async () => {
    const path = temporaryFolder();
    const { manager: before } = temporaryManager({ path });
    const body = sampleResponse(Buffer.alloc(1_000_000));
    for (let n = 0; n < 60; n++) {
      body.body.fill(n);
      await before.put(`key ${n}`, body, samplePolicy());
    }
    await before.close();
    const { bavail, blocks, bsize } = statfsSync(path);
    // Thirty of the sixty megabytes too few, as others use the disk too.
    const minFree = (bavail * bsize + 30_000_000) / (blocks * bsize);
    const { manager } = temporaryManager({ path, minFree });
    await manager.put('new', sampleResponse('body'), samplePolicy());
    const { entries } = await manager.stats();
    expect(entries).toBeGreaterThan(1);
    expect(entries).toBeLessThan(61);
  });
});
