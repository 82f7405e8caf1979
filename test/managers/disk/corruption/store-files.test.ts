import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import { samplePolicy, sampleResponse } from '../../samples.ts';
import { temporaryManager } from '../temporary-folder.ts';
import { found, LARGE, problemsOf, SMALL, storedPair, type StoredPair } from './stored-pair.ts';

/** Bytes of a small entry and a large one on disk. */
const BOTH = 2 * 4096 + Math.ceil(LARGE.length / 4096) * 4096;

type Damage = (file: string) => void;

function flipped(position: (length: number) => number): Damage {
  return (file) => {
    const bytes = readFileSync(file);
    const at = position(bytes.length);
    bytes.writeUInt8(bytes.readUInt8(at) ^ 0x01, at);
    writeFileSync(file, bytes);
  };
}

const damages: readonly [what: string, damage: Damage][] = [
  ['is gone', (file) => rmSync(file)],
  ['is empty', (file) => truncateSync(file, 0)],
  ['is one byte long', (file) => truncateSync(file, 1)],
  ['is half as long', (file) => truncateSync(file, Math.floor(statSync(file).size / 2))],
  ['is a byte short', (file) => truncateSync(file, statSync(file).size - 1)],
  ['has its first byte changed', flipped(() => 0)],
  ['has a byte in the middle changed', flipped((length) => Math.floor(length / 2))],
  ['has its last byte changed', flipped((length) => length - 1)],
  ['is ten megabytes of zeros', (file) => writeFileSync(file, Buffer.alloc(10_000_000))],
  ['is text of somebody else', (file) => writeFileSync(file, 'of somebody else\n'.repeat(1_000))],
  ['is a folder', (file) => (rmSync(file), mkdirSync(file))],
  ['is a link to nothing', (file) => (rmSync(file), symlinkSync('/nothing/there', file))],
];

/** Everything works with a manager that comes to a store with that file damaged, and its figures are right by themselves. */
async function expectAllWorks({ path }: StoredPair): Promise<void> {
  const { manager } = temporaryManager({ path });
  expect([await found(manager, 'small'), await found(manager, 'large')]).toEqual([SMALL, LARGE]);
  await manager.put('other', sampleResponse('other'), samplePolicy());
  expect(await found(manager, 'other')).toBe('other');
  await manager.delete('other');
  expect(manager.secret()).toHaveLength(32);
  expect(await manager.stats()).toMatchObject({ entries: 2, bytes: BOTH });
}

describe.each(['ledger', 'format.json', 'CACHEDIR.TAG'])('a store whose %s', (name) => {
  it.each(damages)('%s works, and counts right', async (_what, damage) => {
    const pair = await storedPair();
    await pair.manager.stats();
    const file = `${pair.layout.root}/${name}`;
    expect(existsSync(file)).toBe(true);
    damage(file);
    await expectAllWorks(pair);
  });
});

describe('a store whose secret', () => {
  it.each(damages)('%s works, and has one secret for all', async (_what, damage) => {
    const pair = await storedPair();
    pair.manager.secret();
    damage(`${pair.layout.root}/secret`);
    await expectAllWorks(pair);
    const secrets = [0, 1].map(() => temporaryManager({ path: pair.path }).manager.secret());
    expect(secrets[0]).toEqual(secrets[1]);
    expect(await problemsOf(pair.manager, true)).not.toContain('damaged-secret');
  });
});
