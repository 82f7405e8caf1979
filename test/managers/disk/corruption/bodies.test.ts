import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { VerifyProblemKind } from '../../../../src/managers/disk/verify/verify-report.ts';
import { bodyOf, samplePolicy, sampleResponse } from '../../samples.ts';
import { filesUnder } from '../temporary-folder.ts';
import {
  expectHealing,
  expectMending,
  flip,
  found,
  LARGE,
  problemsOf,
  SMALL,
  storedPair,
  type StoredPair,
} from './stored-pair.ts';

const BLOCK = 256 * 1024;
const LENGTH = LARGE.length;

/** Puts a file of its own in the place of the body, so that its anchor stays as it is. */
function replaceBody({ body }: StoredPair, bytes: string | Buffer): void {
  rmSync(body);
  writeFileSync(body, bytes, { mode: 0o600 });
}

describe('a body with a file of its own', () => {
  it.each([0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK - 1, 2 * BLOCK, LENGTH - 2, LENGTH - 1])(
    'gives no byte of a block in which byte %i is changed, and is gone then',
    async (position) => {
      const { manager, layout, body } = await storedPair();
      flip(body, position);
      const stored = await manager.getStream('large');
      if (stored === undefined) throw new Error('nothing stored');
      const chunks: Buffer[] = [];
      const read = async (): Promise<void> => {
        for await (const chunk of manager.streamResponse(stored)) chunks.push(chunk);
      };
      await expect(read()).rejects.toMatchObject({ code: 'ERR_HTTP_CACHE_CORRUPT_ENTRY' });
      const given = Buffer.concat(chunks);
      expect(given.toString()).toBe(LARGE.slice(0, Math.floor(position / BLOCK) * BLOCK));
      expect(await found(manager, 'large')).toBeUndefined();
      expect(filesUnder(layout.metadata)).toHaveLength(1);
      expect(await problemsOf(manager, true)).toEqual([]);
      await manager.put('large', sampleResponse(LARGE), samplePolicy());
      expect(await found(manager, 'large')).toBe(LARGE);
    },
  );

  it.each([0, BLOCK, LENGTH - 1])('is dropped by verify when byte %i is changed', async (position) => {
    const pair = await storedPair();
    flip(pair.body, position);
    await expectMending(pair, 'large', ['damaged-body']);
    expect(filesUnder(pair.layout.content)).toEqual([]);
  });

  it('gives the ranges that are right, and none that is not', async () => {
    const { manager, body } = await storedPair();
    flip(body, BLOCK + 5);
    const read = async (start: number, end: number): Promise<string> => {
      const stored = await manager.getStream('large');
      if (stored === undefined) throw new Error('nothing stored');
      return (await bodyOf(manager, stored, { start, end })).toString();
    };
    expect(await read(10, BLOCK - 1)).toBe(LARGE.slice(10, BLOCK));
    expect(await read(2 * BLOCK, LENGTH - 1)).toBe(LARGE.slice(2 * BLOCK));
    // All of the block is read, so the fault is seen in a range that it does not touch.
    await expect(read(BLOCK + 100, BLOCK + 200)).rejects.toMatchObject({
      code: 'ERR_HTTP_CACHE_CORRUPT_ENTRY',
    });
    expect(await found(manager, 'large')).toBeUndefined();
  });

  const missized: readonly [what: string, damage: (pair: StoredPair) => void, VerifyProblemKind][] = [
    ['empty', ({ body }) => truncateSync(body, 0), 'damaged-body'],
    ['one byte long', ({ body }) => truncateSync(body, 1), 'damaged-body'],
    ['cut off at a block', ({ body }) => truncateSync(body, BLOCK), 'damaged-body'],
    ['cut off in the middle', ({ body }) => truncateSync(body, LENGTH / 2), 'damaged-body'],
    ['a byte short', ({ body }) => truncateSync(body, LENGTH - 1), 'damaged-body'],
    ['a byte long', ({ body }) => appendFileSync(body, 'x'), 'damaged-body'],
    ['gone', ({ body }) => rmSync(body), 'missing-body'],
  ];

  it.each(missized)('is seen where it is looked up when it is %s', async (_what, damage, kind) => {
    const pair = await storedPair();
    damage(pair);
    const problems = await problemsOf(pair.manager, false);
    expect(problems).toContain(kind);
    expect(await found(pair.manager, 'large')).toBe('damaged');
    await expect.poll(() => existsSync(pair.large)).toBe(false);
    await pair.manager.put('large', sampleResponse(LARGE), samplePolicy());
    expect(await found(pair.manager, 'large')).toBe(LARGE);
    expect(await problemsOf(pair.manager, true)).toEqual([]);
  });

  it.each(missized)('is dropped by verify when it is %s', async (_what, damage, kind) => {
    const pair = await storedPair({ io: 'async' });
    damage(pair);
    await expectMending(pair, 'large', [kind]);
  });

  it('is damaged when it was exchanged with another of its length', async () => {
    const pair = await storedPair();
    const { manager, layout, body } = pair;
    const other = LARGE.toUpperCase();
    await manager.put('other', sampleResponse(other), samplePolicy());
    const otherBody = filesUnder(layout.metadata)
      .map((name) => `${layout.metadata}/${name}`)
      .find((name) => name.includes('.') && name !== body);
    if (otherBody === undefined) throw new Error('nothing stored');
    renameSync(body, `${body}-aside`);
    renameSync(otherBody, body);
    renameSync(`${body}-aside`, otherBody);
    expect(await problemsOf(manager, false)).toEqual(['damaged-body', 'damaged-body']);
    expect([await found(manager, 'large'), await found(manager, 'other')]).toEqual(['damaged', 'damaged']);
    await manager.put('large', sampleResponse(LARGE), samplePolicy());
    await manager.put('other', sampleResponse(other), samplePolicy());
    expect([await found(manager, 'large'), await found(manager, 'other')]).toEqual([LARGE, other]);
    expect(await problemsOf(manager, false)).toEqual([]);
  });

  it('is damaged for all that share it', async () => {
    const { manager, body } = await storedPair();
    await manager.put('twin', sampleResponse(LARGE), samplePolicy());
    flip(body, 10);
    expect(await found(manager, 'large')).toBe('damaged');
    await manager.put('large', sampleResponse(LARGE), samplePolicy());
    expect(await found(manager, 'large')).toBe(LARGE);
    expect(await found(manager, 'twin')).toBe('damaged');
  });

  it('fails when it becomes shorter while it is read', async () => {
    const { manager, body } = await storedPair();
    const stored = await manager.getStream('large');
    if (stored === undefined) throw new Error('nothing stored');
    truncateSync(body, 100_000);
    await expect(bodyOf(manager, stored)).rejects.toMatchObject({ code: 'ERR_HTTP_CACHE_CORRUPT_ENTRY' });
  });

  it('is healed by the anchor alone for those that come', async () => {
    const pair = await storedPair();
    replaceBody(pair, LARGE.toUpperCase());
    await expectHealing(pair, 'large', ['damaged-body']);
  });
});

describe('an anchor', () => {
  it.each<[what: string, damage: (pair: StoredPair) => void]>([
    ['gone', ({ anchor }) => rmSync(anchor)],
    ['empty', ({ anchor }) => (rmSync(anchor), writeFileSync(anchor, ''))],
    ['a byte short', ({ anchor }) => (rmSync(anchor), writeFileSync(anchor, LARGE.slice(1)))],
    [
      'another file of its length',
      ({ anchor }) => (rmSync(anchor), writeFileSync(anchor, LARGE.toUpperCase())),
    ],
    [
      'another that is linked to',
      ({ anchor, path }) => {
        writeFileSync(`${path}/other`, 'other');
        rmSync(anchor);
        copyFileSync(`${path}/other`, anchor);
      },
    ],
  ])('that is %s gives nobody a wrong body', async (_what, damage) => {
    const pair = await storedPair();
    const { manager, anchor } = pair;
    damage(pair);
    expect(await problemsOf(manager, false)).toEqual([]);
    expect(await found(manager, 'large')).toBe(LARGE);
    await manager.put('twin', sampleResponse(LARGE), samplePolicy());
    expect([await found(manager, 'large'), await found(manager, 'twin')]).toEqual([LARGE, LARGE]);
    expect(statSync(anchor).nlink).toBe(2);
    expect(readFileSync(anchor, 'utf8')).toBe(LARGE);
    expect(await found(manager, 'small')).toBe(SMALL);
  });
});
