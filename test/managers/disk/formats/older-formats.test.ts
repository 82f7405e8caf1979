import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tendOlderFormats } from '../../../../src/managers/disk/folder/older-formats.ts';
import type { StreamingManager } from '../../../../src/managers/disk/streaming-manager.ts';
import { samplePolicy, sampleResponse, storedText } from '../../samples.ts';
import { filesUnder, temporaryFolder, temporaryManager } from '../temporary-folder.ts';
import { copyFormat, STORED_AT } from './copy-format.ts';

const DAY = 24 * 60 * 60_000;
const WEEK = 7 * DAY;

/** What the entries of `cache-v1` take, the bodies that two of them share once. */
const V1_BYTES = 8 * 4_096;

/** A copy of the store of `cache-v1`, in a folder of its own, and what stores beside it at a time after that. */
function beside(): {
  readonly path: string;
  readonly folder: string;
  readonly store: (age: number, options?: { readonly maxSize: number }) => Promise<StreamingManager>;
} {
  const path = temporaryFolder();
  const folder = copyFormat('cache-v1', path);
  return {
    path,
    folder,
    async store(age, options = { maxSize: 2 ** 30 }) {
      const clock = { now: () => STORED_AT + age };
      const { manager } = temporaryManager({ path, clock, ...options });
      await manager.put('new', sampleResponse('new'), samplePolicy());
      return manager;
    },
  };
}

/** Bytes that the ledger tells of older formats. */
function olderBytes(path: string): number | undefined {
  const lines = readFileSync(join(path, 'cache-v2/ledger'), 'latin1').split('\n');
  const last = lines.findLast((line) => line.includes(' older '));
  return last === undefined ? undefined : Number(last.split(' ').at(-2));
}

describe('a store of an older format', () => {
  it('counts towards the limit, is not read, and stays while it was touched within a week', async () => {
    const { path, folder, store } = beside();
    const files = filesUnder(folder);
    const manager = await store(WEEK - 1);
    await expect.poll(() => olderBytes(path)).toBe(V1_BYTES);
    expect(await manager.get('http://origin.test/inline')).toBeUndefined();
    expect(await manager.stats()).toMatchObject({ entries: 1, bytes: 4_096 });
    expect(filesUnder(folder)).toEqual(files);
  });

  it('leaves that much less room for the present one', async () => {
    const { path, store } = beside();
    const manager = await store(0, { maxSize: V1_BYTES + 3 * 4_096 });
    await expect.poll(() => olderBytes(path)).toBe(V1_BYTES);
    for (let n = 0; n < 20; n++) await manager.put(`key ${n}`, sampleResponse('x'), samplePolicy());
    const { bytes } = await manager.stats();
    expect(bytes).toBeLessThan(V1_BYTES);
  });

  it('is removed after a week in which none of its files was touched', async () => {
    const { path, folder, store } = beside();
    await store(WEEK);
    await expect.poll(() => existsSync(folder)).toBe(false);
    expect(await storedText(await store(WEEK), 'new')).toBe('new');
    expect(olderBytes(path)).toBeUndefined();
  });

  it('counts no longer once it is removed', async () => {
    const { path, folder, store } = beside();
    await store(0);
    await expect.poll(() => olderBytes(path)).toBe(V1_BYTES);
    await store(WEEK);
    await expect.poll(() => olderBytes(path)).toBe(0);
    expect(existsSync(folder)).toBe(false);
  });

  it.each([
    ['an entry', 'metadata'],
    ['its secret', 'secret'],
  ])('stays when %s was touched within a week', async (_what, prefix) => {
    const { path, folder, store } = beside();
    const touched = filesUnder(folder).find((name) => name.startsWith(prefix)) ?? '';
    const time = (STORED_AT + DAY) / 1_000;
    utimesSync(join(folder, touched), time, time);
    await store(WEEK);
    await expect.poll(() => olderBytes(path)).toBe(V1_BYTES);
    expect(filesUnder(folder)).toHaveLength(13);
  });

  it('goes without what is not ours in it', async () => {
    const { folder, store } = beside();
    const [entry = ''] = filesUnder(join(folder, 'metadata'));
    const kept: string[] = [
      'notes.txt',
      'secret.bak',
      'metadata/README',
      `metadata/${entry}.bak`,
      `metadata/${entry.slice(0, 3)}${'0'.repeat(62)}`,
      `content/${entry.slice(0, 2)}/${'0'.repeat(62)}.tmp-1-${'0'.repeat(16)}`,
      'metadata/zz',
      'secret-1',
    ];
    mkdirSync(join(folder, 'elsewhere'));
    writeFileSync(join(folder, 'elsewhere/kept'), 'kept');
    mkdirSync(join(folder, 'content', entry.slice(0, 2)), { recursive: true });
    for (const name of kept) {
      const path = join(folder, name);
      if (name.endsWith('0') && name.startsWith('metadata'))
        symlinkSync(join(folder, 'elsewhere/kept'), path);
      else if (name.endsWith('zz') || name === 'secret-1') symlinkSync(join(folder, 'elsewhere'), path);
      else writeFileSync(path, 'of somebody else');
    }
    const trash = join(folder, `trash-abc-${'0'.repeat(16)}/metadata/00`);
    mkdirSync(trash, { recursive: true });
    writeFileSync(join(trash, '0'.repeat(62)), 'x');
    const rest: readonly string[] = [...kept, 'elsewhere/kept'].toSorted();
    await store(WEEK);
    await expect.poll(() => filesUnder(folder)).toEqual(rest);
    expect(existsSync(join(folder, `trash-abc-${'0'.repeat(16)}`))).toBe(false);
    // Without its format.json it is nobody's: it is left alone from now on.
    await store(2 * WEEK);
    expect(filesUnder(folder)).toEqual(rest);
  });
});

describe('what only looks like a store of an older format', () => {
  it.each<[what: string, change: (folder: string, path: string) => void]>([
    [
      'a newer one',
      (folder, path) => {
        writeFileSync(join(folder, 'format.json'), '{"format":"cache-v99","madeBy":"http-larder"}');
        renameSync(folder, join(path, 'cache-v99'));
      },
    ],
    [
      'one that another program made',
      (folder) => writeFileSync(join(folder, 'format.json'), '{"format":"cache-v1","madeBy":"another"}'),
    ],
    ['one without a format.json', (folder) => rmSync(join(folder, 'format.json'))],
    [
      'one whose format.json is not ours',
      (folder) => writeFileSync(join(folder, 'format.json'), '{"format":1}'),
    ],
    ['one whose format.json is damaged', (folder) => writeFileSync(join(folder, 'format.json'), '{')],
    ['one with another number', (folder, path) => renameSync(folder, join(path, 'cache-v01'))],
    ['one that was copied', (folder, path) => renameSync(folder, join(path, 'cache-v0'))],
    [
      'a link to one',
      (folder, path) => (renameSync(folder, join(path, 'elsewhere')), symlinkSync('elsewhere', folder)),
    ],
    [
      'one with a link in place of its entries',
      (folder, path) => {
        renameSync(join(folder, 'metadata'), join(path, 'elsewhere'));
        symlinkSync('../elsewhere', join(folder, 'metadata'));
        rmSync(join(folder, 'format.json'));
      },
    ],
    ['one of another user', (folder) => chownSync(folder, 12_345, 12_345)],
  ])('is left alone when it is %s', async (_what, change) => {
    const { path, folder } = beside();
    change(folder, path);
    const files = filesUnder(path);
    const { signal } = new AbortController();
    expect(await tendOlderFormats({ path, now: STORED_AT + 52 * WEEK, signal })).toBe(0);
    expect(filesUnder(path)).toEqual(files);
  });
});
