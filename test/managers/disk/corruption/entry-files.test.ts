import { hash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  encodeClaim,
  encodeEntry,
  encodeUpdate,
  type EntryRecord,
} from '../../../../src/managers/disk/format/entry-record.ts';
import { keyHash } from '../../../../src/managers/disk/format/layout.ts';
import { sampleHead, samplePolicy, sampleResponse, storedText } from '../../samples.ts';
import { temporaryManager } from '../temporary-folder.ts';
import { expectHealing, expectMending, flip, found, LARGE, SMALL, storedPair } from './stored-pair.ts';

/** An entry file that is right but for what is given. */
function forged(fields: object, payload: Uint8Array = Buffer.from(SMALL)): Buffer {
  const entry: EntryRecord = {
    cacheKey: 'small',
    revision: 'r',
    size: payload.length,
    separate: undefined,
    head: sampleHead(),
    policy: samplePolicy(),
  };
  return encodeEntry({ ...entry, ...fields }, payload);
}

/** A record as ours are, of any JSON. */
function record(json: string, { kind = 'P', body = '' } = {}): string {
  const lengths = [json, body].map((part) => String(Buffer.byteLength(part)).padStart(10, '0'));
  const covered = ` ${kind} ${lengths.join(' ')}\n${json}${body}`;
  return `HTTPLARDER2 ${hash('sha256', covered, 'hex')}${covered}`;
}

const DIGEST = '0'.repeat(64);
const GENERATION = 'mjuohs00-0123456789abcdef';

const damaged: readonly [what: string, bytes: Buffer | string][] = [
  ['nothing', ''],
  ['one byte', 'H'],
  ['ten megabytes of zeros', Buffer.alloc(10_000_000)],
  ['four megabytes of zeros', Buffer.alloc(4 * 1024 * 1024)],
  ['ten megabytes of records', forged({}).toString('latin1').repeat(12_000)],
  ['text of another program', '{"version":1}'],
  ['the first word alone', 'HTTPLARDER2 '],
  ['another version', forged({}).toString('latin1').replace('HTTPLARDER2', 'HTTPLARDER3')],
  ['huge lengths', `HTTPLARDER2 ${DIGEST} P 9999999999 9999999999\n`],
  ['lengths that are none', `HTTPLARDER2 ${DIGEST} P -000000001 +000000001\n`],
  [
    'an update without a first record',
    encodeUpdate({ from: 'r', voids: undefined, revision: 's', head: sampleHead(), policy: samplePolicy() }),
  ],
  ['a claim without a first record', encodeClaim({ from: 'r', voids: undefined, generation: GENERATION })],
  ['JSON that is none', record('{"cacheKey":')],
  ['JSON that is no object', record('"small"')],
  ['JSON that is null', record('null')],
  ['JSON that is nested deeply', record('['.repeat(100_000))],
  ['another size than the body has', forged({ size: 1 })],
  ['a size below zero', forged({ size: -1 })],
  ['a size that is no number', forged({ size: '12' })],
  ['no head', forged({ head: undefined })],
  ['a policy of an unknown kind', forged({ policy: { kind: 'other' } })],
  ['no revision', forged({ revision: undefined })],
  [
    'a generation that leads elsewhere',
    forged({ size: 5, separate: { generation: '../../x', digest: DIGEST } }, Buffer.alloc(32)),
  ],
  [
    'a generation that is none',
    forged({ size: 5, separate: { generation: 1, digest: DIGEST } }, Buffer.alloc(32)),
  ],
  [
    'a digest that leads elsewhere',
    forged({ size: 5, separate: { generation: GENERATION, digest: '../'.repeat(10) } }, Buffer.alloc(32)),
  ],
  [
    'a digest in capitals',
    forged({ size: 5, separate: { generation: GENERATION, digest: 'A'.repeat(64) } }, Buffer.alloc(32)),
  ],
  [
    'a body of its own without a byte',
    forged({ size: 0, separate: { generation: GENERATION, digest: DIGEST } }, Buffer.alloc(0)),
  ],
  [
    'a table of another length',
    forged({ size: 5, separate: { generation: GENERATION, digest: DIGEST } }, Buffer.alloc(31)),
  ],
  ["another key's entry", forged({ cacheKey: 'another' })],
  ['a key that is none', forged({ cacheKey: 7 })],
];

describe('an entry file', () => {
  it.each(damaged)('with %s in it is dropped where it is looked up', async (_what, bytes) => {
    const pair = await storedPair();
    writeFileSync(pair.small, bytes);
    await expectHealing(pair, 'small', ['damaged-entry']);
  });

  it('that is damaged is dropped by verify', async () => {
    const pair = await storedPair({ io: 'async' });
    flip(pair.small, 100);
    await expectMending(pair, 'small', ['damaged-entry']);
  });

  it('is dropped whichever of its bytes is changed', async () => {
    const { manager, small } = await storedPair();
    const whole = readFileSync(small);
    for (let position = 0; position < whole.length; position++) {
      flip(small, position);
      expect(await found(manager, 'small')).toBe('damaged');
      // Waits for the one in the background.
      await manager.delete('small');
      expect(existsSync(small)).toBe(false);
      writeFileSync(small, whole);
    }
    expect(await found(manager, 'small')).toBe(SMALL);
  });

  it('is dropped wherever its first record is cut off', async () => {
    const { manager, small } = await storedPair();
    const whole = readFileSync(small);
    const json = whole.indexOf('\n') + 1;
    const body = whole.length - SMALL.length;
    const half = Math.floor(whole.length / 2);
    const cuts = [
      0,
      1,
      10,
      11,
      12,
      75,
      76,
      77,
      78,
      79,
      89,
      90,
      json - 1,
      json,
      json + 1,
      half,
      body - 1,
      body,
      body + 1,
    ];
    for (const length of [...cuts, whole.length - 1]) {
      writeFileSync(small, whole.subarray(0, length));
      expect(await found(manager, 'small')).toBe('damaged');
      await manager.delete('small');
    }
  });

  it('says what it said before, wherever an update of it is cut off or changed', async () => {
    const { manager, path, small } = await storedPair();
    const first = readFileSync(small).length;
    const stored = await manager.getStream('small');
    if (stored === undefined) throw new Error('nothing stored');
    const token = await manager.updateMetadata(
      'small',
      stored.token,
      { ...stored.head, status: 203 },
      stored.policy,
    );
    expect(token).toBeDefined();
    const whole = readFileSync(small);
    const { manager: reader } = temporaryManager({ path });
    const statusOf = async (): Promise<number | undefined> => (await reader.getStream('small'))?.head.status;
    for (let position = first; position < whole.length; position += 5) {
      writeFileSync(small, whole.subarray(0, position));
      expect([await statusOf(), await found(reader, 'small')]).toEqual([200, SMALL]);
      writeFileSync(small, whole);
      expect(await statusOf()).toBe(203);
      flip(small, position);
      expect(await statusOf()).toBe(200);
    }
    const report = await reader.verify();
    expect(report).toMatchObject({ entries: 2, tornEntries: 1, problems: 0 });
    await reader.put('small', sampleResponse('new'), samplePolicy());
    expect(await found(reader, 'small')).toBe('new');
  });

  it.each(['auto', 'async'] as const)(
    'that is damaged is a miss for who asks for it whole (io: %s)',
    async (io) => {
      const { manager, small } = await storedPair({ io });
      flip(small, 0);
      expect(await manager.get('small')).toBeUndefined();
      await expect.poll(() => existsSync(small)).toBe(false);
      expect(await manager.stats()).toMatchObject({ entries: 1 });
    },
  );

  it('stays when it was replaced by the time it is dropped', async () => {
    const { manager, small } = await storedPair();
    const whole = readFileSync(small);
    flip(small, 0);
    // It is dropped in the background, before which this turn replaces it.
    expect(() => manager.getStream('small')).toThrow('The entry file for "small" cannot be decoded');
    writeFileSync(`${small}-new`, whole);
    renameSync(`${small}-new`, small);
    // Waits for that.
    expect(await manager.updateMetadata('small', 'none', sampleHead(), samplePolicy())).toBeUndefined();
    expect(await found(manager, 'small')).toBe(SMALL);
    expect(readFileSync(small).equals(whole)).toBe(true);
  });

  it('can be deleted when it is too large to be read', async () => {
    const { manager, small } = await storedPair();
    writeFileSync(small, Buffer.alloc(10_000_000));
    await manager.delete('small');
    expect(existsSync(small)).toBe(false);
  });

  it('is dropped when it was exchanged with that of another key', async () => {
    const pair = await storedPair();
    const { small, large, manager } = pair;
    renameSync(small, `${small}-aside`);
    renameSync(large, small);
    renameSync(`${small}-aside`, large);
    expect(() => manager.getStream('small')).toThrow(
      'The entry file for "small" is another key\'s, so the entry is dropped',
    );
    expect(await found(manager, 'large')).toBe('damaged');
    await expect.poll(() => existsSync(small) || existsSync(large)).toBe(false);
    await manager.put('large', sampleResponse(LARGE), samplePolicy());
    expect(await storedText(manager, 'large')).toBe(LARGE);
  });

  it('is right when it was copied from another store, and damaged without its body', async () => {
    const [one, other] = [await storedPair(), await storedPair()];
    await other.manager.put('small', sampleResponse('of the other'), samplePolicy());
    copyFileSync(other.small, one.small);
    expect(await found(one.manager, 'small')).toBe('of the other');
    copyFileSync(other.large, one.large);
    await expectHealing(one, 'large', ['missing-body']);
  });

  it('with a key that has no place in Unicode is right', async () => {
    const { manager } = await storedPair();
    await manager.put('\ud800', sampleResponse('lone'), samplePolicy());
    expect(keyHash('\ud800')).toBe(keyHash('\udfff'));
    expect(await manager.verify()).toMatchObject({ entries: 3, problems: 0 });
    expect(await found(manager, '\ud800')).toBe('lone');
    expect(await found(manager, '\udfff')).toBeUndefined();
  });
});
