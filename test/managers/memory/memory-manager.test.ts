import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { MemoryManager } from '../../../src/managers/memory/memory-manager.ts';
import { bodyOf, sampleHead, samplePolicy, sampleResponse, storedText } from '../samples.ts';

describe('options of MemoryManager', () => {
  it.each([
    [
      { maxSize: '1' },
      TypeError,
      "MemoryManager: maxSize is '1', not a number: give a whole number of bytes",
    ],
    [{ maxSize: 0 }, RangeError, 'MemoryManager: maxSize is 0: give a whole number of bytes from 1'],
    [
      { maxEntries: 1.5 },
      RangeError,
      'MemoryManager: maxEntries is 1.5: give a whole number of entries from 1',
    ],
    [{ maxEntrySize: Infinity }, RangeError, 'MemoryManager: maxEntrySize is Infinity'],
    [{ maxSize: 10, maxEntrySize: 11 }, RangeError, 'maxEntrySize is 11, more than maxSize, which is 10'],
    [{ maxsize: 1 }, TypeError, "MemoryManager has no option 'maxsize': remove it, or use one of maxSize"],
    [null, TypeError, 'MemoryManager takes an object of options, not null'],
  ])('refuses %o', (options, kind, message) => {
    const make = (): MemoryManager => new MemoryManager(options as object);
    expect(make).toThrow(kind);
    expect(make).toThrow(message);
  });

  it('gives a body limit that fits into a small total', () => {
    expect(new MemoryManager({ maxSize: 5_000 }).maxEntrySize).toBe(5_000);
    expect(new MemoryManager().maxEntrySize).toBe(8 * 1024 * 1024);
  });
});

describe('limits of MemoryManager', () => {
  it('drops what was used longest ago when there are too many entries', async () => {
    const manager = new MemoryManager({ maxEntries: 2 });
    await manager.put('a', sampleResponse('a'), samplePolicy());
    await manager.put('b', sampleResponse('b'), samplePolicy());
    manager.getStream('a');
    await manager.put('c', sampleResponse('c'), samplePolicy());
    expect(await storedText(manager, 'a')).toBe('a');
    expect(await storedText(manager, 'b')).toBeUndefined();
    expect(manager.stats()).toMatchObject({ entries: 2, maxEntries: 2, evictions: 1 });
  });

  it('counts bodies, heads and keys towards its bytes', async () => {
    const manager = new MemoryManager({ maxSize: 100_000 });
    for (let n = 0; n < 100; n++) {
      await manager.put(`key ${n}`, sampleResponse(Buffer.alloc(5_000)), samplePolicy());
      expect(manager.stats().bytes).toBeLessThanOrEqual(100_000);
    }
    expect(manager.stats().entries).toBeGreaterThan(10);
    expect(manager.stats().entries).toBeLessThan(20);
    const before = manager.stats().bytes;
    await manager.put('x'.repeat(3_000), sampleResponse(''), samplePolicy());
    expect(manager.stats().bytes).not.toBe(before);
  });

  it('refuses a body that is too large and keeps what it has', async () => {
    const manager = new MemoryManager({ maxEntrySize: 10 });
    await manager.put('key', sampleResponse('old'), samplePolicy());
    await expect(manager.put('key', sampleResponse('12345678901'), samplePolicy())).rejects.toMatchObject({
      code: 'ERR_HTTP_CACHE_ENTRY_TOO_LARGE',
    });
    expect(await storedText(manager, 'key')).toBe('old');
    await manager.put('key', sampleResponse('1234567890'), samplePolicy());
    expect(await storedText(manager, 'key')).toBe('1234567890');
  });

  it('refuses an entry whose head alone is over the total', async () => {
    const manager = new MemoryManager({ maxSize: 5_000 });
    await manager.put('key', sampleResponse('old'), samplePolicy());
    const response = { ...sampleResponse(''), statusText: 'x'.repeat(5_000) };
    await expect(manager.put('key', response, samplePolicy())).rejects.toMatchObject({
      code: 'ERR_HTTP_CACHE_ENTRY_TOO_LARGE',
    });
    expect(await storedText(manager, 'key')).toBe('old');
  });
});

describe('MemoryManager', () => {
  it('answers a look-up without a promise, and hands out the same frozen entry each time', async () => {
    const manager = new MemoryManager();
    await manager.put('key', sampleResponse('body'), samplePolicy());
    const stored = manager.getStream('key');
    expect(stored?.body?.toString()).toBe('body');
    expect(stored).toBe(manager.getStream('key'));
    expect(Object.isFrozen(stored?.head.headers[0])).toBe(true);
    expect(Object.isFrozen(stored?.policy)).toBe(true);
  });

  it('streams copies in chunks of 64 KiB as they are consumed', async () => {
    const manager = new MemoryManager();
    const body = Buffer.alloc(150_000, 'abc');
    await manager.put('key', sampleResponse(body), samplePolicy());
    const stored = manager.getStream('key');
    if (stored === undefined) throw new Error('nothing stored');
    const lengths: number[] = [];
    for await (const chunk of manager.streamResponse(stored)) {
      lengths.push(chunk.length);
      chunk.fill(0);
    }
    expect(lengths).toEqual([65_536, 65_536, 18_928]);
    expect(await bodyOf(manager, stored)).toEqual(body);
  });

  it.each([
    [
      'evicted',
      async (manager: MemoryManager) => await manager.put('b', sampleResponse('b'), samplePolicy()),
    ],
    ['cleared away', async (manager: MemoryManager) => await manager.clear()],
    ['closed', async (manager: MemoryManager) => await manager.close()],
  ])('keeps the bodies that are streamed when their entry is %s', async (_what, change) => {
    const manager = new MemoryManager({ maxEntries: 1 });
    const body = Buffer.alloc(300_000, 'abc');
    await manager.put('key', sampleResponse(body), samplePolicy());
    const stored = manager.getStream('key');
    if (stored === undefined) throw new Error('nothing stored');
    const readers = Array.from({ length: 20 }, () => manager.streamResponse(stored));
    for (const reader of readers) reader.read(0);
    await change(manager);
    expect(manager.getStream('key')).toBeUndefined();
    for (const [n, reader] of readers.entries()) {
      if (n % 2 === 0) reader.destroy();
      else expect((await buffer(reader)).equals(body)).toBe(true);
    }
    expect((await bodyOf(manager, stored)).equals(body)).toBe(true);
  });

  it('refuses a range that is not inside the body, and a stored response of another manager', async () => {
    const manager = new MemoryManager();
    await manager.put('key', sampleResponse('12345'), samplePolicy());
    const stored = manager.getStream('key');
    if (stored === undefined) throw new Error('nothing stored');
    expect((await bodyOf(manager, stored, { start: 1, end: 4 })).toString()).toBe('2345');
    for (const [start, end] of [
      [0, 5],
      [-1, 2],
      [3, 2],
      [0.5, 2],
      [0, NaN],
    ] as const) {
      expect(() => manager.streamResponse(stored, { start, end })).toThrow(RangeError);
    }
    expect(() => manager.streamResponse({ ...stored, release() {} })).toThrow(TypeError);
  });

  it('publishes in the turn in which a guard allows it', async () => {
    const manager = new MemoryManager();
    const writer = manager.putStream('key', sampleHead(), samplePolicy());
    writer.write(Buffer.from('body'));
    let allowed = true;
    const committed = writer.commit({ onlyIf: () => allowed });
    allowed = false;
    expect(manager.getStream('key')?.size).toBe(4);
    expect(await committed).toBe(true);
  });

  it('does not store a body of another length than announced', async () => {
    const manager = new MemoryManager();
    const writer = manager.putStream('key', sampleHead(), samplePolicy(), { size: 5 });
    writer.write(Buffer.from('1234'));
    await expect(writer.commit()).rejects.toMatchObject({ code: 'ERR_HTTP_CACHE_INCOMPLETE_BODY' });
    expect(manager.getStream('key')).toBeUndefined();
  });

  it('keeps the trailers that come with the commit', async () => {
    const manager = new MemoryManager();
    const writer = manager.putStream('key', sampleHead(), samplePolicy());
    await writer.commit({ trailers: [['Checksum', 'abc']] });
    expect(manager.getStream('key')?.head.trailers).toEqual([['Checksum', 'abc']]);
  });

  it('forgets everything when it is closed', async () => {
    const manager = new MemoryManager();
    await manager.put('key', sampleResponse('body'), samplePolicy());
    await manager.close();
    expect(manager.stats()).toMatchObject({ entries: 0, bytes: 0 });
  });

  it('gives one secret that callers cannot change', () => {
    const manager = new MemoryManager();
    const secret = manager.secret();
    const first = Buffer.from(secret);
    expect(secret).toHaveLength(32);
    secret.fill(0);
    expect(Buffer.from(manager.secret())).toEqual(first);
    expect(Buffer.from(new MemoryManager().secret())).not.toEqual(first);
  });
});
