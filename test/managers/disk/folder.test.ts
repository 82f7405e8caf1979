import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StreamingManager } from '../../../src/managers/disk/streaming-manager.ts';
import { samplePolicy, sampleResponse } from '../samples.ts';
import { filesUnder, temporaryFolder, temporaryManager } from './temporary-folder.ts';

describe('options of StreamingManager', () => {
  it.each([
    [{}, TypeError, 'StreamingManager: path is undefined: give the folder to keep responses in'],
    [{ path: '' }, TypeError, "path is ''"],
    [{ path: 'x', maxSize: '4GB' }, TypeError, "maxSize is '4GB', not a number"],
    [{ path: 'x', maxEntries: 0 }, RangeError, 'maxEntries is 0: give a whole number of entries from 1'],
    [
      { path: 'x', maxSize: 10, maxEntrySize: 11 },
      RangeError,
      'maxEntrySize is 11, more than maxSize, which is 10',
    ],
    [{ path: 'x', minFree: 1 }, RangeError, 'minFree is 1: give a part of the disk from 0 to below 1'],
    [{ path: 'x', minFree: '5%' }, TypeError, "minFree is '5%'"],
    [{ path: 'x', io: 'sync' }, TypeError, "io is 'sync': give 'auto' or 'async'"],
    [{ path: 'x', inlineMax: -1 }, RangeError, 'inlineMax is -1'],
    [{ path: 'x', inlineMax: 2 ** 21 }, RangeError, 'inlineMax is 2097152: give at most 1048576'],
    [{ path: 'x', trustDirectory: 1 }, TypeError, 'trustDirectory is 1: give true or false'],
    [{ path: 'x', clock: {} }, TypeError, 'clock is {}: give an object with a method now()'],
    [{ path: 'x', cachePath: 'y' }, TypeError, "StreamingManager has no option 'cachePath'"],
    ['x', TypeError, "StreamingManager takes an object of options, not 'x'"],
  ])('refuses %o', (options, kind, message) => {
    const make = (): StreamingManager => Reflect.construct(StreamingManager, [options]);
    expect(make).toThrow(kind);
    expect(make).toThrow(message);
    expect(existsSync('x')).toBe(false);
  });
});

describe('the folder of a store', () => {
  it('is made for this user alone, with all that is in it, and marked as a cache', async () => {
    const path = join(temporaryFolder(), 'a', 'b');
    const { manager } = temporaryManager({ path });
    manager.secret();
    await manager.put('small', sampleResponse('small'), samplePolicy());
    await manager.put('large', sampleResponse('x'.repeat(100_000)), samplePolicy());
    for (const name of ['', 'cache-v2', 'cache-v2/metadata', 'cache-v2/content']) {
      expect(lstatSync(join(path, name)).mode & 0o777).toBe(0o700);
    }
    for (const name of filesUnder(path)) expect(lstatSync(join(path, name)).mode & 0o777).toBe(0o600);
    const tag = readFileSync(join(path, 'cache-v2/CACHEDIR.TAG'), 'utf8');
    expect(tag.startsWith('Signature: 8a477f597d28d172789f06886806bc55')).toBe(true);
  });

  it('is refused when it is a file, or lies in one', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    for (const path of [file, join(file, 'below')]) {
      expect(() => new StreamingManager({ path })).toThrow(
        expect.objectContaining({
          code: 'ERR_HTTP_CACHE_MANAGER',
          message: expect.stringContaining(`cannot keep responses in ${JSON.stringify(path)} because`),
        }),
      );
    }
  });

  it('is refused where nothing can be made, and at once', () => {
    expect(() => new StreamingManager({ path: '/proc/http-larder/below' })).toThrow(
      'cannot keep responses in',
    );
  });

  it('is refused when others may write to it, unless that is trusted', () => {
    const path = temporaryFolder();
    chmodSync(path, 0o770);
    expect(() => new StreamingManager({ path })).toThrow('others may write to it (its mode is 770)');
    temporaryManager({ path, trustDirectory: true });
    chmodSync(path, 0o700);
    chmodSync(join(path, 'cache-v2'), 0o702);
    expect(() => new StreamingManager({ path })).toThrow('others may write to it (its mode is 702)');
  });

  it('is refused when a link lies where the store should', () => {
    const path = temporaryFolder();
    const elsewhere = temporaryFolder();
    symlinkSync(elsewhere, join(path, 'cache-v2'));
    expect(() => new StreamingManager({ path, trustDirectory: true })).toThrow('it is not a folder');
  });

  it.runIf(process.getuid?.() === 0)(
    'is refused when it belongs to another user, unless that is trusted',
    () => {
      const path = temporaryFolder();
      mkdirSync(join(path, 'cache-v2'), { mode: 0o700 });
      chownSync(path, 12_345, 12_345);
      expect(() => new StreamingManager({ path })).toThrow('it belongs to user 12345, not to 0');
      temporaryManager({ path, trustDirectory: true });
    },
  );

  it('keeps a secret of 32 bytes, and makes another when it is damaged', () => {
    const path = temporaryFolder();
    const secret = temporaryManager({ path }).manager.secret();
    expect(readFileSync(join(path, 'cache-v2/secret')).equals(secret)).toBe(true);
    writeFileSync(join(path, 'cache-v2/secret'), 'short');
    const other = temporaryManager({ path }).manager.secret();
    expect(other).toHaveLength(32);
    expect(other).not.toEqual(secret);
    expect(temporaryManager({ path }).manager.secret()).toEqual(other);
    expect(filesUnder(path)).toEqual([
      'cache-v2/CACHEDIR.TAG',
      'cache-v2/format.json',
      'cache-v2/secret',
      'cache-v2/secret-1',
    ]);
  });

  it.each([
    ['zeros, as a loss of power leaves', (secret: string) => writeFileSync(secret, Buffer.alloc(32))],
    ['half a secret', (secret: string) => truncateSync(secret, 16)],
    ['a folder', (secret: string) => (rmSync(secret), mkdirSync(secret))],
    ['a FIFO', (secret: string) => (rmSync(secret), execFileSync('mkfifo', [secret]))],
    [
      'a link to a secret',
      (secret: string) => (
        renameSync(secret, `${secret}.elsewhere`),
        symlinkSync(`${secret}.elsewhere`, secret)
      ),
    ],
  ])('passes over %s in place of its secret', (_what, damage) => {
    const { manager, path } = temporaryManager();
    const secret = manager.secret();
    damage(join(path, 'cache-v2/secret'));
    const others = Array.from({ length: 3 }, () => temporaryManager({ path }).manager.secret());
    expect(others[0]).not.toEqual(secret);
    expect(others[0]?.some((byte) => byte !== 0)).toBe(true);
    expect(others[1]).toEqual(others[0]);
    expect(others[2]).toEqual(others[0]);
    expect(existsSync(join(path, 'cache-v2/secret'))).toBe(true);
  });

  it('says what to do when its secrets are damaged again and again', () => {
    const { manager, path } = temporaryManager();
    for (const name of ['secret', ...Array.from({ length: 16 }, (_, n) => `secret-${n + 1}`)])
      writeFileSync(join(path, 'cache-v2', name), 'damaged');
    expect(() => manager.secret()).toThrow('remove the files whose names begin with "secret"');
  });
});
