import nodeFs, { closeSync, existsSync, fstatSync, openSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import fs from 'fs-extra';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { IndexPolicy } from '../../../../src/core/policy-types.ts';
import { keyHash, Layout } from '../../../../src/managers/disk/format/layout.ts';
import { SettableClock } from '../../../../src/testing/settable-clock.ts';
import { samplePolicy, sampleResponse } from '../../samples.ts';
import { filesUnder, temporaryManager } from '../temporary-folder.ts';
import { found, LARGE, problemsOf, SMALL, storedPair } from './stored-pair.ts';

/** Has each read of the file that lies there now fail with `EIO`, whatever its name becomes. */
function spoil(path: string): void {
  // Held open, so that no other file gets its number.
  const held = openSync(path, 'r');
  const { ino } = fstatSync(held);
  const isBad = (descriptor: unknown): boolean =>
    typeof descriptor === 'number' && fstatSync(descriptor).ino === ino;
  const error = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
  const { read: promised } = fs;
  const { read } = nodeFs;
  Object.assign(fs, {
    read: async (...args: unknown[]) => {
      if (isBad(args[0])) throw error;
      return await Promise.resolve(Reflect.apply(promised, fs, args));
    },
  });
  Object.assign(nodeFs, {
    read: (...args: unknown[]) => {
      const done = args.at(-1);
      if (isBad(args[0]) && typeof done === 'function')
        process.nextTick(() => Reflect.apply(done, undefined, [error, 0]));
      else Reflect.apply(read, nodeFs, args);
    },
  });
  syncBuiltinESMExports();
  onTestFinished(() => {
    Object.assign(fs, { read: promised });
    Object.assign(nodeFs, { read });
    syncBuiltinESMExports();
    closeSync(held);
  });
}

const MINUTE = 60_000;

const mark: IndexPolicy = { v: 1, kind: 'index', id: 'i', epoch: 'e', invalidatedAt: 1, sets: [] };

async function spoiledPair(): Promise<Awaited<ReturnType<typeof storedPair>> & { clock: SettableClock }> {
  const clock = new SettableClock(Date.now());
  const pair = await storedPair({ io: 'async', clock });
  return { ...pair, clock };
}

describe('an entry file that can never be read', () => {
  it.each(['small', 'large'] as const)('is replaced by what is stored: %s', async (key) => {
    const { manager, layout, clock, ...files } = await spoiledPair();
    spoil(files[key]);
    clock.advance(MINUTE);
    await manager.put(key, sampleResponse('new'), samplePolicy());
    expect(await found(manager, key)).toBe('new');
    expect(await found(manager, key === 'small' ? 'large' : 'small')).toBe(key === 'small' ? LARGE : SMALL);
    expect(await manager.stats()).toMatchObject({ entries: 2 });
    clock.advance(11 * MINUTE);
    await manager.verify();
    expect(filesUnder(layout.metadata)).toHaveLength(key === 'small' ? 3 : 2);
  });

  it('is removed when its entry is deleted, and when room is made', async () => {
    const { manager, small, large } = await spoiledPair();
    spoil(small);
    spoil(large);
    await manager.delete('small');
    expect(existsSync(small)).toBe(false);
    expect(await manager.stats()).toMatchObject({ entries: 1 });
    await manager.clear();
    expect(existsSync(large)).toBe(false);
  });

  it('is damage once it cannot be what an invalidation left, and an error before', async () => {
    const { manager, small, clock } = await spoiledPair();
    spoil(small);
    await expect(async () => await manager.getStream('small')).rejects.toMatchObject({ code: 'EIO' });
    expect(existsSync(small)).toBe(true);
    clock.advance(2 * MINUTE);
    await expect(async () => await manager.getStream('small')).rejects.toMatchObject({
      code: 'ERR_HTTP_CACHE_CORRUPT_ENTRY',
      message: expect.stringContaining('cannot be read'),
    });
    await expect.poll(() => existsSync(small)).toBe(false);
    expect(await manager.get('small')).toBeUndefined();
  });

  it.each(['small', 'large'] as const)('does not hide the others from a listing: %s', async (key) => {
    const { manager, ...files } = await spoiledPair();
    spoil(files[key]);
    const keys: string[] = [];
    for await (const { cacheKey } of manager.entries()) keys.push(cacheKey);
    expect(keys).toEqual([key === 'small' ? 'large' : 'small']);
  });

  it('does not make room as long as it may be what an invalidation left', async () => {
    const clock = new SettableClock(Date.now());
    const { manager, path } = temporaryManager({ io: 'async', clock, maxEntries: 2 });
    await manager.put('marked', sampleResponse(''), mark);
    const file = new Layout(path).entry(keyHash('marked'));
    spoil(file);
    for (const key of ['a', 'b', 'c']) await manager.put(key, sampleResponse(key), samplePolicy());
    expect(existsSync(file)).toBe(true);
    clock.advance(MINUTE);
    for (const key of ['d', 'e']) await manager.put(key, sampleResponse(key), samplePolicy());
    expect(existsSync(file)).toBe(false);
  });

  it('is left where it is by verify', async () => {
    const { manager, small, clock } = await spoiledPair();
    spoil(small);
    clock.advance(11 * MINUTE);
    expect(await problemsOf(manager, true)).toEqual(['unreadable']);
    expect(await manager.stats()).toMatchObject({ entries: 2 });
  });
});

describe('a file that cannot even be looked at', () => {
  it.each(['small', 'body'] as const)('does not cost the figures of its group: %s', async (bad) => {
    const { manager, layout, ...files } = await spoiledPair();
    await fs.remove(layout.ledger);
    const { lstat } = fs;
    onTestFinished(() => void Object.assign(fs, { lstat }));
    Object.assign(fs, {
      lstat: async (path: string) => {
        if (path === files[bad]) throw Object.assign(new Error('EIO: i/o error, lstat'), { code: 'EIO' });
        return await lstat(path);
      },
    });
    expect(await manager.stats()).toMatchObject({ entries: 2 });
  });
});

describe('a body that can never be read', () => {
  it('costs its entry', async () => {
    const { manager, body, large } = await spoiledPair();
    spoil(body);
    expect(await found(manager, 'large')).toBe('damaged');
    await expect.poll(() => existsSync(large)).toBe(false);
    await manager.put('large', sampleResponse(LARGE), samplePolicy());
    expect(await found(manager, 'large')).toBe(LARGE);
  });
});
