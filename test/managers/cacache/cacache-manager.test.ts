import { readdirSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import cacache from 'cacache';
import { describe, expect, it, vi } from 'vitest';
import { CacacheManager } from '../../../src/managers/cacache/cacache-manager.ts';
import { temporaryFolder } from '../disk/temporary-folder.ts';
import { compileSources, messageOf, startWorker } from '../disk/worker.ts';
import { samplePolicy, sampleResponse } from '../samples.ts';

/** The files with content under a cacache folder. */
function contentFiles(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.startsWith('content-v2'))
    .map((name) => join(path, name))
    .filter((file) => statSync(file).isFile());
}

describe('CacacheManager', () => {
  it.each([
    [{}, TypeError, 'CacacheManager: path is undefined: give the folder to keep responses in'],
    [{ path: 'x', maxEntrySize: 0 }, RangeError, 'CacacheManager: maxEntrySize is 0'],
    [
      { path: 'x', maxSize: 10, maxEntrySize: 11 },
      RangeError,
      'maxEntrySize is 11, more than maxSize, which is 10',
    ],
    [{ path: 'x', maxAge: 1 }, TypeError, "CacacheManager has no option 'maxAge'"],
  ])('refuses the options %o', (options, kind, message) => {
    const make = (): CacacheManager => Reflect.construct(CacacheManager, [options]);
    expect(make).toThrow(kind);
    expect(make).toThrow(message);
  });

  it('keeps what it stored across a restart, as content and index of cacache', async () => {
    const path = temporaryFolder();
    await new CacacheManager({ path }).put('key', sampleResponse('body'), samplePolicy());
    expect((await cacache.get(path, 'key')).data.toString()).toBe('body');
    const entry = await new CacacheManager({ path }).get('key');
    expect(entry?.response).toEqual(sampleResponse('body'));
    expect(entry?.policy).toEqual(samplePolicy());
  });

  it('misses a body that is damaged or gone, and stores it again', async () => {
    const path = temporaryFolder();
    const manager = new CacacheManager({ path });
    const damages = [
      async (file: string) => await writeFile(file, 'BODY'),
      async (file: string) => await writeFile(file, 'bo'),
      async (file: string) => await rm(file),
    ];
    for (const damage of damages) {
      await manager.put('key', sampleResponse('body'), samplePolicy());
      for (const file of contentFiles(path)) await damage(file);
      expect(await manager.get('key')).toBeUndefined();
      await manager.put('key', sampleResponse('body'), samplePolicy());
      expect(Buffer.from((await manager.get('key'))?.response.body ?? []).toString()).toBe('body');
    }
  });

  it('takes out what was stored longest ago, and nothing of others', async () => {
    const path = temporaryFolder();
    await cacache.put(path, 'theirs', 'shared');
    const manager = new CacacheManager({ path, maxEntries: 3 });
    for (const key of ['one', 'two', 'three', 'four']) {
      await manager.put(key, sampleResponse(key === 'one' ? 'shared' : key), samplePolicy());
      // cacache's own times have milliseconds, and the order of one and the same is open.
      await vi.waitUntil(async () => ((await cacache.get.info(path, key))?.time ?? 0) < Date.now());
    }
    expect(await manager.get('one')).toBeUndefined();
    expect(await manager.get('four')).toBeDefined();
    expect((await cacache.get(path, 'theirs')).data.toString()).toBe('shared');
    expect(await manager.stats()).toMatchObject({ maxEntries: 3, evictions: 1 });
  });

  it('removes content that was replaced or deleted, unless another entry has the same', async () => {
    const path = temporaryFolder();
    const manager = new CacacheManager({ path });
    await manager.put('other', sampleResponse('body 0'), samplePolicy());
    for (let n = 0; n < 200; n++) await manager.put('key', sampleResponse(`body ${n}`), samplePolicy());
    expect(contentFiles(path).length).toBeLessThan(70);
    expect((await manager.get('other'))?.response.body).toEqual(sampleResponse('body 0').body);
    await manager.delete('key');
    expect(await manager.get('key')).toBeUndefined();
  });

  it('neither finds nor lists what others keep in the folder', async () => {
    const path = temporaryFolder();
    await cacache.put(path, 'theirs', 'data', { metadata: { head: {}, policy: {} } });
    await cacache.put(path, 'bare', 'data');
    const manager = new CacacheManager({ path });
    await manager.put('ours', sampleResponse('body'), samplePolicy());
    expect(await manager.get('theirs')).toBeUndefined();
    expect(await manager.get('bare')).toBeUndefined();
    const keys: string[] = [];
    for await (const { cacheKey } of manager.entries()) keys.push(cacheKey);
    expect(keys).toEqual(['ours']);
  });

  it('says what to install where cacache is missing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'http-larder-without-'));
    try {
      await mkdir(join(folder, 'cache'));
      compileSources(folder);
      await rm(join(folder, 'node_modules'));
      // Only so that none further up is found.
      await mkdir(join(folder, 'node_modules/cacache'), { recursive: true });
      await writeFile(join(folder, 'node_modules/cacache/package.json'), '{ "main": "missing.js" }');
      const worker = startWorker(
        folder,
        `import { CacacheManager } from './managers/cacache/cacache-manager.js';
        const manager = new CacacheManager({ path: process.argv[2] });
        manager.get('key').catch(({ code, message, cause }) =>
          process.send([code, message, cause.code]));`,
        [join(folder, 'cache')],
      );
      expect(await messageOf(worker)).toEqual([
        'ERR_HTTP_CACHE_MANAGER',
        'CacacheManager cannot load the package cacache: install it with npm install cacache',
        'ERR_MODULE_NOT_FOUND',
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
