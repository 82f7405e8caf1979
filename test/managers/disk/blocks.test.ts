import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BLOCK_SIZE,
  digestOfTable,
  isBlock,
  LARGEST_BODY,
  tableLength,
  TableMaker,
} from '../../../src/managers/disk/format/block-table.ts';
import { MAX_ENTRY_FILE } from '../../../src/managers/disk/format/entry-record.ts';
import type { StreamingManager } from '../../../src/managers/disk/streaming-manager.ts';
import type { ByteRange, StoredResponse } from '../../../src/managers/manager.ts';
import { bodyOf, samplePolicy, sampleResponse } from '../samples.ts';
import { openDescriptors } from './open-descriptors.ts';
import { filesUnder, temporaryManager } from './temporary-folder.ts';

/** Three whole blocks and a short one. */
const BODY = randomBytes(3 * BLOCK_SIZE + 1_000);

interface Stored {
  readonly manager: StreamingManager;
  /** The file with the body. */
  readonly file: string;
  readonly stored: () => Promise<StoredResponse>;
}

async function store(body: Buffer = BODY): Promise<Stored> {
  const { manager, path } = temporaryManager();
  await manager.put('key', sampleResponse(body), samplePolicy());
  const name = filesUnder(`${path}/cache-v2/metadata`).find((each) => each.includes('.')) ?? '';
  const stored = async (): Promise<StoredResponse> => {
    const found = await manager.getStream('key');
    if (found === undefined) throw new Error('nothing stored');
    return found;
  };
  return { manager, file: `${path}/cache-v2/metadata/${name}`, stored };
}

function damage(file: string, position: number): void {
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(position) ^ 1, position);
  writeFileSync(file, bytes);
}

/** What is given of a body, and the code of the error that ends it. */
async function given(
  { manager, stored }: Stored,
  range?: ByteRange,
): Promise<{ readonly bytes: Buffer; readonly code: unknown }> {
  const chunks: Buffer[] = [];
  let code: unknown;
  try {
    for await (const chunk of manager.streamResponse(await stored(), range)) chunks.push(chunk);
  } catch (error) {
    code = error instanceof Error && 'code' in error ? error.code : error;
  }
  return { bytes: Buffer.concat(chunks), code };
}

function tableOf(body: Buffer, lengths: readonly number[]): Buffer {
  const maker = new TableMaker();
  let start = 0;
  for (const length of lengths) {
    maker.update(body.subarray(start, start + length));
    start += length;
  }
  maker.update(body.subarray(start));
  return maker.finish();
}

describe('the table of a body', () => {
  it('is the SHA-256 of each block, whatever pieces the body came in', () => {
    const blocks = [0, 1, 2, 3].map((index) => BODY.subarray(index * BLOCK_SIZE, (index + 1) * BLOCK_SIZE));
    const digests = blocks.map((block) => createHash('sha256').update(block).digest());
    const expected = Buffer.concat(digests);
    const piece = fc.nat(2 * BLOCK_SIZE);
    fc.assert(
      fc.property(fc.array(piece), (lengths) => tableOf(BODY, lengths).equals(expected)),
      { numRuns: 20 },
    );
    blocks.forEach((block, index) => expect(isBlock(expected, index, block)).toBe(true));
    expect(isBlock(expected, 0, blocks[1] ?? BODY)).toBe(false);
    expect(digestOfTable(expected)).toBe(createHash('sha256').update(expected).digest('hex'));
  });

  it.each([0, 1, BLOCK_SIZE - 1, BLOCK_SIZE, BLOCK_SIZE + 1, 2 * BLOCK_SIZE])(
    'has the length that a body of %i bytes says',
    (size) => expect(tableOf(Buffer.alloc(size), [])).toHaveLength(tableLength(size)),
  );

  it('of the largest body leaves half of the largest entry file free', () => {
    expect(tableLength(LARGEST_BODY)).toBe(MAX_ENTRY_FILE / 2);
    const options = { maxSize: 2 * LARGEST_BODY, maxEntrySize: LARGEST_BODY };
    expect(temporaryManager(options).manager.maxEntrySize).toBe(LARGEST_BODY);
    expect(() => temporaryManager({ ...options, maxEntrySize: LARGEST_BODY + 1 })).toThrow(
      new RangeError(
        'StreamingManager: maxEntrySize is 17179869185: give at most 17179869184, for an entry file has no room for the digests of more',
      ),
    );
  });
});

describe('a body of several blocks', () => {
  it.each([BLOCK_SIZE, 2 * BLOCK_SIZE, BODY.length])('is given whole when it has %i bytes', async (size) => {
    const body = BODY.subarray(0, size);
    const { bytes, code } = await given(await store(body));
    expect(code).toBeUndefined();
    expect(bytes.equals(body)).toBe(true);
  });

  it('is given in ranges, wherever they begin and end', async () => {
    const { manager, stored } = await store();
    const position = fc.oneof(
      fc.nat(BODY.length - 1),
      fc
        .constantFrom(0, 1, 2, 3)
        .chain((block) => fc.integer({ min: -1, max: 1 }).map((by) => block * BLOCK_SIZE + by)),
    );
    const inside = position.map((at) => Math.min(Math.max(at, 0), BODY.length - 1));
    await fc.assert(
      fc.asyncProperty(inside, inside, async (one, other) => {
        const range = { start: Math.min(one, other), end: Math.max(one, other) };
        const bytes = await bodyOf(manager, await stored(), range);
        return bytes.equals(BODY.subarray(range.start, range.end + 1));
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    [0, 0],
    [0, BLOCK_SIZE - 1],
    [1, BLOCK_SIZE],
    [2, 3 * BLOCK_SIZE - 1],
    [3, BODY.length - 1],
  ])('ends in an error behind %i blocks when byte %i is wrong, and is gone', async (blocks, position) => {
    const kept = await store();
    damage(kept.file, position);
    const { bytes, code } = await given(kept);
    expect(code).toBe('ERR_HTTP_CACHE_CORRUPT_ENTRY');
    expect(bytes.equals(BODY.subarray(0, blocks * BLOCK_SIZE))).toBe(true);
    expect(await kept.manager.getStream('key')).toBeUndefined();
  });

  it('is given in ranges that do not meet the damage, and in no others', async () => {
    const kept = await store();
    damage(kept.file, 2 * BLOCK_SIZE);
    for (const [start, end] of [
      [0, 2 * BLOCK_SIZE - 1],
      [3 * BLOCK_SIZE, BODY.length - 1],
    ] as const) {
      const { bytes, code } = await given(kept, { start, end });
      expect(code).toBeUndefined();
      expect(bytes.equals(BODY.subarray(start, end + 1))).toBe(true);
    }
    const { bytes, code } = await given(kept, { start: 2 * BLOCK_SIZE + 9, end: 2 * BLOCK_SIZE + 9 });
    expect(code).toBe('ERR_HTTP_CACHE_CORRUPT_ENTRY');
    expect(bytes).toHaveLength(0);
    expect(await kept.manager.getStream('key')).toBeUndefined();
  });

  it('gives only what is right when it becomes shorter while it is read', async () => {
    const { manager, file, stored } = await store();
    const stream = manager.streamResponse(await stored());
    truncateSync(file, BLOCK_SIZE + 1);
    const chunks: Buffer[] = [];
    const read = async (): Promise<void> => {
      for await (const chunk of stream) chunks.push(chunk);
    };
    await expect(read()).rejects.toMatchObject({ code: 'ERR_HTTP_CACHE_CORRUPT_ENTRY' });
    expect(Buffer.concat(chunks).equals(BODY.subarray(0, BLOCK_SIZE))).toBe(true);
  });

  it.runIf(process.platform === 'linux')('leaves no descriptor, damaged or not', async () => {
    const kept = await store();
    await kept.manager.stats();
    const before = openDescriptors();
    await given(kept, { start: 5, end: BLOCK_SIZE });
    damage(kept.file, BLOCK_SIZE);
    await given(kept);
    await expect.poll(openDescriptors).toBe(before);
  });
});
