import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { BufferedManager } from '../../src/managers/buffered-manager.ts';
import { CacacheManager } from '../../src/managers/cacache/cacache-manager.ts';
import type { CacheWriter, StreamingCacheManager } from '../../src/managers/manager.ts';
import { MemoryManager } from '../../src/managers/memory/memory-manager.ts';
import { temporaryFolder, temporaryManager } from './disk/temporary-folder.ts';
import { sampleHead, samplePolicy } from './samples.ts';

type Followable = Required<Pick<StreamingCacheManager, 'getStream' | 'streamResponse' | 'readWhileWriting'>> &
  Pick<StreamingCacheManager, 'putStream'>;

const managers: readonly (readonly [string, () => Followable])[] = [
  ['MemoryManager', () => new MemoryManager()],
  ['StreamingManager', () => temporaryManager().manager],
  ['StreamingManager with io: async', () => temporaryManager({ io: 'async' }).manager],
  ['StreamingManager with a file for each body', () => temporaryManager({ inlineMax: 0 }).manager],
  ['StreamingManager with large bodies inline', () => temporaryManager({ inlineMax: 1_000_000 }).manager],
  [
    'CacacheManager, which has three methods',
    () => new BufferedManager(new CacacheManager({ path: temporaryFolder() })),
  ],
];

/** Numbers that look random and are the same in every run. */
function randomBelow(limit: number, seed: { value: number }): number {
  seed.value = (seed.value * 48_271) % 0x7fffffff;
  return seed.value % limit;
}

function body(size: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: size }, (_, index) => (index * 31 + (index >> 8) * 7) & 0xff));
}

async function begin(manager: Followable): Promise<CacheWriter> {
  return await manager.putStream('key', sampleHead(), samplePolicy());
}

/** The SHA-256 of what a stream gives from its beginning to its end. */
async function digestOf(stream: Readable): Promise<string> {
  const hash: Hash = createHash('sha256');
  stream.on('data', (chunk: Buffer) => hash.update(chunk));
  await finished(stream);
  return hash.digest('hex');
}

describe.each(managers)('following a body of %s', (_name, makeManager) => {
  it('serves 1 000 readers that come and leave at random', async () => {
    const manager = makeManager();
    const seed = { value: 20_301 };
    const whole = body(1_000_000);
    const writer = await begin(manager);
    const staying: { readonly start: number; readonly digest: Promise<string> }[] = [];
    const leaving = new Set<Readable>();
    let written = 0;
    while (written < whole.length) {
      for (let n = 0; n < 16; n++) {
        const start = randomBelow(whole.length, seed);
        const reader = manager.readWhileWriting(writer, start);
        if (randomBelow(2, seed) === 0) staying.push({ start, digest: digestOf(reader) });
        else leaving.add(reader.resume());
      }
      const size = 1 + randomBelow(32_000, seed);
      await writer.write(whole.subarray(written, written + size));
      written += size;
      await turn();
      for (const reader of leaving) {
        if (randomBelow(4, seed) > 0) continue;
        leaving.delete(reader);
        await once(reader.destroy(), 'close');
      }
    }
    expect(await writer.commit()).toBe(true);
    for (const reader of leaving) reader.destroy();
    expect(staying.length).toBeGreaterThan(400);
    const digests = new Map<number, string>();
    for (const { start } of staying) {
      digests.set(start, createHash('sha256').update(whole.subarray(start)).digest('hex'));
    }
    for (const { start, digest } of staying) expect(await digest).toBe(digests.get(start));
  });

  it('serves 1 000 readers of the whole body at once', async () => {
    const manager = makeManager();
    const whole = body(200_000);
    const writer = await begin(manager);
    const digests = Array.from(
      { length: 1_000 },
      async () => await digestOf(manager.readWhileWriting(writer)),
    );
    for (let start = 0; start < whole.length; start += 9_999) {
      await writer.write(whole.subarray(start, start + 9_999));
    }
    await writer.commit();
    const expected = createHash('sha256').update(whole).digest('hex');
    expect(new Set(await Promise.all(digests))).toEqual(new Set([expected]));
  });

  it('gives all of an aborted body to a reader that had not read it yet, and then the reason', async () => {
    const manager = makeManager();
    for (const size of [0, 1, 40_000, 600_000]) {
      const writer = await begin(manager);
      const idle = manager.readWhileWriting(writer);
      const unread = manager.readWhileWriting(writer, 10);
      const held = size === 0 ? undefined : once(idle, 'readable');
      await writer.write(body(size));
      await held;
      const reason = new Error('the origin went away');
      await writer.abort(reason);
      // Time to throw away what the reader holds, for one that would.
      await turn();
      for (const [reader, start] of [
        [idle, 0],
        [unread, 10],
      ] as const) {
        const chunks: Buffer[] = [];
        reader.on('data', (chunk: Buffer) => chunks.push(chunk));
        await expect(finished(reader)).rejects.toMatchObject({
          code: 'ERR_HTTP_CACHE_INCOMPLETE_BODY',
          cause: reason,
        });
        expect(Buffer.concat(chunks).equals(body(size).subarray(start))).toBe(true);
      }
    }
  });

  it('lets readers do what they like in a turn of their own', async () => {
    const manager = makeManager();
    const writer = await begin(manager);
    let writing = false;
    const turns: boolean[] = [];
    const reader = manager.readWhileWriting(writer).on('data', () => turns.push(writing));
    await turn();
    writing = true;
    const written = writer.write(Buffer.from('body'));
    writing = false;
    await written;
    await writer.commit();
    await finished(reader);
    expect(turns).toEqual([false]);
  });

  it('ends a reader that is destroyed while it waits', async () => {
    const manager = makeManager();
    const writer = await begin(manager);
    const reader = manager.readWhileWriting(writer).resume();
    await turn();
    await once(reader.destroy(), 'close');
    await writer.write(body(10));
    const late = buffer(manager.readWhileWriting(writer));
    await writer.commit();
    expect(await late).toEqual(body(10));
  });

  it('gives nothing from behind the end', async () => {
    const manager = makeManager();
    const writer = await begin(manager);
    const readers = [10, 11, 1_000_000].map((start) => buffer(manager.readWhileWriting(writer, start)));
    await writer.write(body(10));
    await writer.commit();
    for (const reader of readers) expect(await reader).toHaveLength(0);
  });

  it('refuses a writer that has ended', async () => {
    const manager = makeManager();
    for (const end of ['commit', 'abort'] as const) {
      const writer = await begin(manager);
      await writer.write(body(10));
      const ended = writer[end]();
      expect(() => manager.readWhileWriting(writer)).toThrow(
        expect.objectContaining({ code: 'ERR_HTTP_CACHE_MANAGER' }),
      );
      await ended;
    }
  });
});

describe.each(managers.slice(0, -1))('a position in a body of %s', (_name, makeManager) => {
  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('is not %d', async (start) => {
    const manager = makeManager();
    const writer = await begin(manager);
    expect(() => manager.readWhileWriting(writer, start)).toThrow(RangeError);
    await writer.abort();
  });
});

describe.each([
  ['MemoryManager', () => new MemoryManager()],
  ['StreamingManager', () => temporaryManager().manager],
] as const)('a body of %s that has not its announced length', (_name, makeManager) => {
  it('fails those who follow it when it is committed', async () => {
    for (const size of [10, 100_000]) {
      const manager = makeManager();
      const writer = manager.putStream('key', sampleHead(), samplePolicy(), { size: size + 1 });
      const reader = buffer(manager.readWhileWriting(writer));
      await writer.write(body(size));
      const incomplete = { code: 'ERR_HTTP_CACHE_INCOMPLETE_BODY' };
      await Promise.all([
        expect(reader).rejects.toMatchObject(incomplete),
        expect(writer.commit()).rejects.toMatchObject(incomplete),
      ]);
    }
  });
});
