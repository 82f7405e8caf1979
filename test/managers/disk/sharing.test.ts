import {
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  type PathLike,
} from 'node:fs';
import fs from 'fs-extra';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { BLOCK_SIZE } from '../../../src/managers/disk/format/block-table.ts';
import type { StreamingManager } from '../../../src/managers/disk/streaming-manager.ts';
import { bodyOf, samplePolicy, sampleResponse, storedText } from '../samples.ts';
import { filesUnder, temporaryFolder, temporaryManager } from './temporary-folder.ts';

const TEXT = 'a body that several entries have '.repeat(20_000);

let manager: StreamingManager;
let path: string;
let anchor: string;
beforeEach(async () => {
  ({ manager, path } = temporaryManager());
  await put('first');
  anchor = `${path}/cache-v2/content/${filesUnder(`${path}/cache-v2/content`)[0]}`;
});

async function put(key: string): Promise<void> {
  await manager.put(key, sampleResponse(TEXT), samplePolicy());
}

/** Which file the body of the entry that came last is. */
function inodes(): number[] {
  const folder = `${path}/cache-v2/metadata`;
  const bodies = filesUnder(folder).filter((name) => name.includes('.'));
  return bodies.map((name) => statSync(`${folder}/${name}`).ino);
}

function failToLink(code: string): void {
  const link = vi.spyOn(fs, 'link');
  onTestFinished(() => link.mockRestore());
  link.mockRejectedValueOnce(Object.assign(new Error(code), { code }));
}

/** Makes a call fail for all that is in the folder of the anchors. */
function failInContent(call: 'lstat' | 'unlink'): void {
  const original = fs[call];
  const failing = async (file: PathLike): Promise<unknown> => {
    if (String(file).includes('/content')) throw Object.assign(new Error('EIO'), { code: 'EIO' });
    return await original(file);
  };
  Object.assign(fs, { [call]: failing });
  onTestFinished(() => void Object.assign(fs, { [call]: original }));
}

describe('an equal body', () => {
  it('is one file with the first', async () => {
    await put('second');
    expect(new Set(inodes())).toEqual(new Set([statSync(anchor).ino]));
    expect(statSync(anchor).nlink).toBe(3);
  });

  it('is one file with the first also where the disk gives it in small pieces', async () => {
    const { read } = fs;
    const short = async (fd: number, room: Buffer, offset: number, length: number, at: number) =>
      await read(fd, room, offset, Math.min(length, 50_000), at);
    Object.assign(fs, { read: short });
    onTestFinished(() => void Object.assign(fs, { read }));
    await put('second');
    expect(new Set(inodes())).toEqual(new Set([statSync(anchor).ino]));
  });

  it.each([
    ['zeroed at its end', (): void => zero(TEXT.length - 10)],
    ['zeroed in all of its last block', (): void => zero(2 * BLOCK_SIZE)],
    ['shorter', (): void => truncateSync(anchor, 100)],
    ['empty', (): void => truncateSync(anchor, 0)],
    ['longer', (): void => truncateSync(anchor, TEXT.length + 1)],
  ])('does not become one file with a body that is %s, and nothing after it does', async (_what, damage) => {
    damage();
    const damaged = statSync(anchor).ino;
    await put('second');
    await put('third');
    expect(statSync(anchor).ino).not.toBe(damaged);
    const { ino } = statSync(anchor);
    expect(inodes()).toHaveLength(3);
    expect(new Set(inodes())).toEqual(new Set([damaged, ino]));
    expect(await storedText(manager, 'second')).toBe(TEXT);
    expect(await storedText(manager, 'third')).toBe(TEXT);
  });

  it('becomes what is shared once a file can have no more links', async () => {
    const full = statSync(anchor).ino;
    failToLink('EMLINK');
    await put('second');
    await put('third');
    expect(statSync(anchor).ino).not.toBe(full);
    expect(statSync(anchor).nlink).toBe(3);
    for (const key of ['first', 'second', 'third']) expect(await storedText(manager, key)).toBe(TEXT);
    await manager.delete('first');
    expect(statSync(anchor).nlink).toBe(3);
  });

  it('has a file of its own when linking fails, and the next is shared again', async () => {
    failToLink('EIO');
    await put('second');
    expect(statSync(anchor).nlink).toBe(2);
    expect(await storedText(manager, 'second')).toBe(TEXT);
    await put('third');
    expect(statSync(anchor).nlink).toBe(3);
  });

  it('is stored, read and removed where nothing can be learnt of the anchor', async () => {
    failInContent('lstat');
    await put('second');
    expect(await storedText(manager, 'second')).toBe(TEXT);
    await manager.delete('first');
    expect(await manager.getStream('first')).toBeUndefined();
  });

  it('is stored when a damaged anchor cannot be removed', async () => {
    zero(0);
    failInContent('unlink');
    await put('second');
    expect(await storedText(manager, 'second')).toBe(TEXT);
    const [found, twin] = [await manager.getStream('first'), await manager.getStream('second')];
    if (found === undefined || twin === undefined) throw new Error('nothing is stored');
    await expect(bodyOf(manager, found)).rejects.toMatchObject({ code: 'ERR_HTTP_CACHE_CORRUPT_ENTRY' });
    expect(await manager.getStream('first')).toBeUndefined();
    twin.release();
  });

  it.each([
    ['a link', (file: string): void => symlinkSync(file, anchor)],
    ['a folder', (): void => mkdirSync(anchor)],
  ])(
    'has a file of its own when there is %s in the place of the anchor, which stays',
    async (_what, plant) => {
      const elsewhere = join(temporaryFolder(), 'elsewhere');
      writeFileSync(elsewhere, 'of somebody else');
      rmSync(anchor);
      plant(elsewhere);
      await put('second');
      await manager.delete('first');
      expect(await storedText(manager, 'second')).toBe(TEXT);
      expect(lstatSync(anchor).isFile()).toBe(false);
      expect(readFileSync(elsewhere, 'utf8')).toBe('of somebody else');
      rmSync(anchor, { recursive: true });
      await put('third');
      await put('fourth');
      expect(statSync(anchor).nlink).toBe(3);
    },
  );
});

function zero(start: number): void {
  const bytes = readFileSync(anchor);
  writeFileSync(anchor, bytes.fill(0, start));
}
