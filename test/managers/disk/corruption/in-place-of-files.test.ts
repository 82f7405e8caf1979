import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { keyHash } from '../../../../src/managers/disk/format/layout.ts';
import { samplePolicy, sampleResponse } from '../../samples.ts';
import { filesUnder, temporaryManager } from '../temporary-folder.ts';
import { found, LARGE, problemsOf, SMALL, storedPair, type StoredPair } from './stored-pair.ts';

type Plant = (at: string, pair: StoredPair) => Promise<void> | void;

/** What somebody may put where a file of ours belongs. */
const plants: readonly [what: string, plant: Plant][] = [
  ['a folder', (at) => (rmSync(at), mkdirSync(at))],
  ['a folder with something in it', (at) => (rmSync(at), mkdirSync(at), writeFileSync(`${at}/file`, 'x'))],
  [
    'a link to what was there',
    (at, { path }) => (renameSync(at, `${path}/moved`), symlinkSync(`${path}/moved`, at)),
  ],
  ['a link to nothing', (at, { path }) => (rmSync(at), symlinkSync(`${path}/nothing`, at))],
  ['a link to itself', (at) => (rmSync(at), symlinkSync(at, at))],
  ['a FIFO', (at) => (rmSync(at), void execFileSync('mkfifo', [at]))],
  [
    'a socket',
    async (at, { path }) => {
      const server = createServer();
      // The name of one must be short where it is made.
      await new Promise<void>((resolve) => server.listen(`${path}/socket`, resolve));
      onTestFinished(() => void server.close());
      rmSync(at);
      renameSync(`${path}/socket`, at);
    },
  ],
];

/** What can be seen of a planted thing. */
function seen(at: string): string {
  const { ino, mode } = lstatSync(at);
  return `${ino} ${mode}`;
}

/** The other entry, and one to come, have nothing to do with it. */
async function expectOthersWork({ manager }: StoredPair, other: 'small' | 'large'): Promise<void> {
  expect(await found(manager, other)).toBe(other === 'small' ? SMALL : LARGE);
  await manager.put('other', sampleResponse('other'), samplePolicy());
  expect(await found(manager, 'other')).toBe('other');
}

describe.each(['auto', 'async'] as const)('in place of a file (io: %s)', (io) => {
  it.each(plants)('that is an entry, %s is a miss, and is left alone by verify', async (_what, plant) => {
    const pair = await storedPair({ io });
    await plant(pair.small, pair);
    const before = seen(pair.small);
    expect(await found(pair.manager, 'small')).toBeUndefined();
    expect(await problemsOf(pair.manager, true)).toEqual(['wrong-type']);
    expect(seen(pair.small)).toBe(before);
    await expectOthersWork(pair, 'large');
  });

  it.each(plants)('that is a body, %s is damage, and is left alone', async (_what, plant) => {
    const pair = await storedPair({ io });
    await plant(pair.body, pair);
    const before = seen(pair.body);
    expect(await problemsOf(pair.manager, false)).toEqual(
      expect.arrayContaining(['missing-body', 'wrong-type']),
    );
    expect(await found(pair.manager, 'large')).toBe('damaged');
    await expect.poll(() => existsSync(pair.large)).toBe(false);
    expect(await problemsOf(pair.manager, true)).toContain('wrong-type');
    await pair.manager.put('large', sampleResponse(LARGE), samplePolicy());
    expect(await found(pair.manager, 'large')).toBe(LARGE);
    expect(seen(pair.body)).toBe(before);
    await expectOthersWork(pair, 'small');
  });

  it.each(plants)('that is an anchor, %s is of no use, and is left alone', async (_what, plant) => {
    const pair = await storedPair({ io });
    await plant(pair.anchor, pair);
    const before = seen(pair.anchor);
    expect(await found(pair.manager, 'large')).toBe(LARGE);
    await pair.manager.put('twin', sampleResponse(LARGE), samplePolicy());
    expect(await found(pair.manager, 'twin')).toBe(LARGE);
    await pair.manager.delete('twin');
    expect(await problemsOf(pair.manager, true)).toEqual(['wrong-type']);
    expect(seen(pair.anchor)).toBe(before);
    await expectOthersWork(pair, 'large');
  });
});

describe('a put in place of what is no file', () => {
  it('takes the place of a link or a FIFO, and rejects for a folder', async () => {
    const pair = await storedPair();
    const { manager, small, path } = pair;
    renameSync(small, `${path}/elsewhere`);
    const elsewhere = readFileSync(`${path}/elsewhere`);
    symlinkSync(`${path}/elsewhere`, small);
    await manager.put('small', sampleResponse('new'), samplePolicy());
    expect(await found(manager, 'small')).toBe('new');
    expect(readFileSync(`${path}/elsewhere`).equals(elsewhere)).toBe(true);
    rmSync(small);
    execFileSync('mkfifo', [small]);
    await manager.put('small', sampleResponse('newer'), samplePolicy());
    expect(await found(manager, 'small')).toBe('newer');
    rmSync(small);
    mkdirSync(small);
    await expect(manager.put('small', sampleResponse('new'), samplePolicy())).rejects.toThrow();
    await expectOthersWork(pair, 'large');
  });
});

describe('a file of somebody else', () => {
  it('stays whatever happens to the entries beside it, and counts for nothing', async () => {
    const { manager, layout, path, small } = await storedPair();
    const folder = `${layout.metadata}/${keyHash('small').slice(0, 2)}`;
    const names = [
      'README',
      '.nfs000',
      `${'a'.repeat(62)}.bak`,
      'A'.repeat(62),
      'a'.repeat(61),
      'a'.repeat(63),
      `${'a'.repeat(62)}.`,
      `${'a'.repeat(62)}.tmp-`,
      `${'a'.repeat(62)}.mjuohs00-0123456789abcde`,
      `${'a'.repeat(62)}.MJUOHS00-0123456789abcdef`,
      `${'a'.repeat(62)}.tmp-mjuohs00-0123456789abcdef.x`,
      ` ${small.slice(-62)}`,
      `${small.slice(-62)}~`,
    ];
    for (const name of names) writeFileSync(`${folder}/${name}`, 'x'.repeat(100_000));
    writeFileSync(`${path}/cache-v99`, 'of a later version');
    for (let n = 0; n < 20; n++) await manager.put(`key ${n}`, sampleResponse('x'), samplePolicy());
    expect(await manager.stats()).toMatchObject({ bytes: 22 * 4096 + Math.ceil(LARGE.length / 4096) * 4096 });
    expect(await manager.verify()).toMatchObject({ entries: 22, problems: 0, foreign: names.length });
    await manager.delete('small');
    await manager.clear();
    const files = filesUnder(folder);
    for (const name of names) expect(files).toContain(name);
    expect(existsSync(`${path}/cache-v99`)).toBe(true);
  });
});

describe('in place of the folder of unpublished files', () => {
  const inPlace = plants.filter(([what]) => !what.startsWith('a folder'));

  it.each(inPlace)('%s keeps out large bodies alone, and is left alone', async (_what, plant) => {
    const pair = await storedPair();
    const { layout, manager, path } = pair;
    const at = layout.unpublished;
    const refusal = {
      code: 'ERR_HTTP_CACHE_MANAGER',
      message: expect.stringContaining(`${JSON.stringify(at)} because it is not a folder: remove`),
    };
    rmSync(at, { recursive: true });
    writeFileSync(at, 'of somebody else');
    await plant(at, pair);
    const before = seen(at);
    for (const each of [manager, temporaryManager({ path }).manager]) {
      await expect(each.put('new', sampleResponse(LARGE), samplePolicy())).rejects.toMatchObject(refusal);
      await expectOthersWork({ ...pair, manager: each }, 'large');
      expect(await each.stats()).toMatchObject({ entries: 3 });
    }
    expect(seen(at)).toBe(before);
    rmSync(at);
    await manager.put('new', sampleResponse(LARGE), samplePolicy());
    expect(await found(manager, 'new')).toBe(LARGE);
  });

  it('a link to a folder is not followed', async () => {
    const pair = await storedPair();
    const { layout, manager, path } = pair;
    mkdirSync(`${path}/elsewhere`);
    rmSync(layout.unpublished, { recursive: true });
    symlinkSync(`${path}/elsewhere`, layout.unpublished);
    rmSync(layout.ledger);
    await expect(manager.put('new', sampleResponse(LARGE), samplePolicy())).rejects.toThrow('not a folder');
    await expectOthersWork(pair, 'large');
    await manager.clear();
    await manager.close();
    expect(filesUnder(`${path}/elsewhere`)).toEqual([]);
  });
});

describe('in place of the ledger and the secret', () => {
  it('a folder hurts nobody', async () => {
    const pair = await storedPair();
    const { layout, manager } = pair;
    for (const at of [layout.ledger, `${layout.root}/secret`]) {
      rmSync(at, { force: true });
      mkdirSync(at);
    }
    await expectOthersWork(pair, 'large');
    await manager.put('new', sampleResponse(LARGE), samplePolicy());
    expect(await manager.stats()).toMatchObject({ entries: 4 });
    expect(manager.secret()).toHaveLength(32);
  });
});
