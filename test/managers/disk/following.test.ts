import { createHash, pbkdf2 } from 'node:crypto';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Gate } from '../../helpers/gate.ts';
import { sampleHead, samplePolicy, sampleResponse, storedText } from '../samples.ts';
import { openDescriptors } from './open-descriptors.ts';
import { filesUnder, temporaryManager } from './temporary-folder.ts';

const onLinux = process.platform === 'linux';

/** The files of bodies that were not published; for a moment also a ledger's, of what a scan has found. */
function unpublished(path: string): string[] {
  return filesUnder(`${path}/cache-v2`).filter((name) => name.startsWith('incoming/'));
}

async function destroyed(reader: Readable): Promise<void> {
  await once(reader.destroy(), 'close');
}

describe.runIf(onLinux)('descriptors of a body that is followed', () => {
  it('are one, however many readers there are, and none when all have left', async () => {
    const { manager } = temporaryManager();
    const before = openDescriptors();
    const writer = manager.putStream('key', sampleHead(), samplePolicy());
    const early = Array.from({ length: 500 }, () => manager.readWhileWriting(writer));
    expect(openDescriptors()).toBe(before);
    for (let n = 0; n < 10; n++) await writer.write(Buffer.alloc(100_000, `${n}`));
    const late = Array.from({ length: 500 }, () => manager.readWhileWriting(writer, 500_000));
    await Promise.all([...early, ...late].map(async (reader) => await once(reader, 'readable')));
    expect(openDescriptors()).toBe(before + 1);
    await Promise.all(early.map(destroyed));
    expect(openDescriptors()).toBe(before + 1);
    await writer.commit();
    expect(openDescriptors()).toBe(before + 1);
    const [kept, ...others] = late;
    await Promise.all(others.map(destroyed));
    expect(openDescriptors()).toBe(before + 1);
    expect(kept && (await buffer(kept)).length).toBe(500_000);
    await expect.poll(openDescriptors).toBe(before);
  });

  it('are closed whenever readers leave: before the file, with it, and after the writer', async () => {
    const { manager } = temporaryManager({ inlineMax: 1_000 });
    const before = openDescriptors();
    for (const end of ['commit', 'abort'] as const) {
      const writer = manager.putStream('key', sampleHead(), samplePolicy());
      const readers = Array.from({ length: 6 }, () => manager.readWhileWriting(writer).on('error', () => {}));
      const [beforeFile, withFile, reading, ...rest] = readers.map((reader) => reader.resume());
      await writer.write(Buffer.alloc(500));
      await (beforeFile && destroyed(beforeFile));
      const growing = writer.write(Buffer.alloc(900_000));
      await (withFile && destroyed(withFile));
      await growing;
      reading?.once('data', () => reading.destroy());
      await writer[end]();
      await Promise.all(rest.map(async (reader) => await finished(reader).catch(() => {})));
      await expect.poll(openDescriptors).toBe(before);
    }
  });

  it('stay open for a reader that is destroyed while a read is under way, until that has ended', async () => {
    const { manager } = temporaryManager({ inlineMax: 0 });
    const before = openDescriptors();
    const writer = manager.putStream('key', sampleHead(), samplePolicy());
    for (let n = 0; n < 20; n++) await writer.write(Buffer.alloc(100_000, `${n}`));
    const reader = manager.readWhileWriting(writer);
    // The threads that read files have enough to do for a while.
    let done = 0;
    const busy = Array.from({ length: 16 }, async () => {
      await promisify(pbkdf2)('password', 'salt', 20_000, 32, 'sha256');
      done++;
    });
    reader.read(0);
    await destroyed(reader);
    expect(done).toBeGreaterThan(0);
    await Promise.all(busy);
    await writer.abort();
    await expect.poll(openDescriptors).toBe(before);
  });
});

describe('a body that is followed', () => {
  it('of 64 MB reaches slow and fast readers alike, and none holds more than a little of it', async () => {
    const { manager } = temporaryManager();
    const writer = manager.putStream('key', sampleHead(), samplePolicy());
    const chunk = Buffer.allocUnsafe(1024 * 1024);
    const whole = createHash('sha256');
    let most = 0;
    const digest = async (reader: Readable, pause: () => Promise<unknown>): Promise<string> => {
      const hash = createHash('sha256');
      for await (const each of reader) {
        hash.update(Buffer.from(each));
        most = Math.max(most, reader.readableLength);
        await pause();
      }
      return hash.digest('hex');
    };
    const gate = new Gate();
    const fast = Array.from(
      { length: 3 },
      async () => await digest(manager.readWhileWriting(writer), async () => {}),
    );
    // Slower than any writer: the second chunk is asked for when the body was committed long ago.
    const slow = Array.from(
      { length: 3 },
      async () => await digest(manager.readWhileWriting(writer), async () => await gate.opened),
    );
    for (let n = 0; n < 64; n++) {
      for (let at = 0; at < chunk.length; at += 4) chunk.writeUInt32LE((n * 7_919 + at) >>> 0, at);
      whole.update(chunk);
      await writer.write(chunk);
    }
    expect(await writer.commit()).toBe(true);
    const expected = whole.digest('hex');
    expect(await Promise.all(fast)).toEqual([expected, expected, expected]);
    await manager.delete('key');
    gate.open();
    expect(await Promise.all(slow)).toEqual([expected, expected, expected]);
    expect(most).toBeLessThanOrEqual(64 * 1024);
  });

  it('loses its name when it is aborted, not the readers that it has', async () => {
    const { manager, path } = temporaryManager();
    const writer = manager.putStream('key', sampleHead(), samplePolicy());
    const body = Buffer.alloc(900_000, 'aborted midway ');
    const reader = manager.readWhileWriting(writer);
    await writer.write(body.subarray(0, 300_000));
    await writer.write(body.subarray(300_000));
    await expect.poll(() => unpublished(path)).toHaveLength(1);
    await writer.abort();
    await expect.poll(() => unpublished(path)).toEqual([]);
    const chunks: Buffer[] = [];
    reader.on('data', (chunk: Buffer) => chunks.push(chunk));
    await expect(finished(reader)).rejects.toMatchObject({ code: 'ERR_HTTP_CACHE_INCOMPLETE_BODY' });
    expect(Buffer.concat(chunks).equals(body)).toBe(true);
  });

  it.each([1, 999, 1_000, 1_001, 200_000, 1_000_000])(
    'goes from memory to a file under its readers, with %i bytes in memory',
    async (inlineMax) => {
      const { manager } = temporaryManager({ inlineMax });
      const body = Buffer.alloc(inlineMax + 400_000, 'from memory to a file ');
      const writer = manager.putStream('key', sampleHead(), samplePolicy());
      const readers = [0, 1, inlineMax - 1, inlineMax, inlineMax + 1].map((start) => ({
        start,
        read: buffer(manager.readWhileWriting(writer, start)),
      }));
      await writer.write(body.subarray(0, inlineMax));
      const idle = manager.readWhileWriting(writer);
      await once(idle, 'readable');
      for (const part of [body.subarray(inlineMax, inlineMax + 1), body.subarray(inlineMax + 1)]) {
        const written = writer.write(part);
        readers.push({ start: 0, read: buffer(manager.readWhileWriting(writer)) });
        await written;
      }
      await writer.commit();
      readers.push({ start: 0, read: buffer(idle) });
      for (const { start, read } of readers) expect((await read).equals(body.subarray(start))).toBe(true);
    },
  );

  it('is given as far as it was written when it is aborted on its way from memory to a file', async () => {
    const { manager, path } = temporaryManager({ inlineMax: 1_000_000 });
    const body = Buffer.alloc(1_100_000, 'from memory to a file ');
    const writer = manager.putStream('key', sampleHead(), samplePolicy());
    await writer.write(body.subarray(0, 1_000_000));
    const reader = manager.readWhileWriting(writer);
    const moving = writer.write(body.subarray(1_000_000));
    while (unpublished(path).length === 0) await turn();
    const aborted = writer.abort();
    const chunks: Buffer[] = [];
    reader.on('data', (chunk: Buffer) => chunks.push(chunk));
    await expect(finished(reader)).rejects.toMatchObject({ code: 'ERR_HTTP_CACHE_INCOMPLETE_BODY' });
    const given = Buffer.concat(chunks);
    expect(given.length).toBeGreaterThanOrEqual(1_000_000);
    expect(given.equals(body.subarray(0, given.length))).toBe(true);
    await Promise.allSettled([moving, aborted]);
    await expect.poll(() => unpublished(path)).toEqual([]);
  });

  it.each([10, 600_000])('of %i bytes is read to its end whatever becomes of its entry', async (size) => {
    const { manager } = temporaryManager();
    const body = Buffer.alloc(size, 'followed ');
    const changes = [
      async () => void (await manager.put('key', sampleResponse('new'), samplePolicy())),
      async () => await manager.delete('key'),
      async () => await manager.clear(),
      async () => await manager.close(),
    ];
    for (const change of changes) {
      const writer = manager.putStream('key', sampleHead(), samplePolicy());
      const reader = manager.readWhileWriting(writer);
      await writer.write(body);
      await writer.commit();
      await change();
      expect((await buffer(reader)).equals(body)).toBe(true);
    }
  });

  it('is given as far as it was written when writing on fails', async () => {
    const { manager, path } = temporaryManager({ inlineMax: 1_000 });
    const writer = manager.putStream('key', sampleHead(), samplePolicy());
    const reader = manager.readWhileWriting(writer);
    await writer.write(Buffer.alloc(900, 'x'));
    rmSync(`${path}/cache-v2/incoming`, { recursive: true, force: true });
    writeFileSync(`${path}/cache-v2/incoming`, 'in the way');
    await expect(writer.write(Buffer.alloc(900))).rejects.toThrow();
    await writer.abort(new Error('the store failed'));
    const chunks: Buffer[] = [];
    reader.on('data', (chunk: Buffer) => chunks.push(chunk));
    await expect(finished(reader)).rejects.toMatchObject({ code: 'ERR_HTTP_CACHE_INCOMPLETE_BODY' });
    expect(Buffer.concat(chunks)).toEqual(Buffer.alloc(900, 'x'));
  });

  it('is given as far as it was taken when it is refused for its size', async () => {
    const { manager } = temporaryManager({ maxEntrySize: 500_000 });
    const writer = manager.putStream('key', sampleHead(), samplePolicy());
    const reader = manager.readWhileWriting(writer);
    await writer.write(Buffer.alloc(400_000, 'x'));
    expect(() => writer.write(Buffer.alloc(400_000))).toThrow(
      expect.objectContaining({ code: 'ERR_HTTP_CACHE_ENTRY_TOO_LARGE' }),
    );
    expect(() => manager.readWhileWriting(writer)).toThrow('look the response up');
    await writer.abort();
    const chunks: Buffer[] = [];
    reader.on('data', (chunk: Buffer) => chunks.push(chunk));
    await expect(finished(reader)).rejects.toMatchObject({ code: 'ERR_HTTP_CACHE_INCOMPLETE_BODY' });
    expect(Buffer.concat(chunks).equals(Buffer.alloc(400_000, 'x'))).toBe(true);
  });

  it('is stored as it would be without readers', async () => {
    const { manager, path } = temporaryManager();
    const writer = manager.putStream('key', sampleHead(), samplePolicy());
    const reader = manager.readWhileWriting(writer);
    await writer.write(Buffer.alloc(300_000, 'stored '));
    await writer.commit();
    expect(await storedText(manager, 'key')).toBe(Buffer.alloc(300_000, 'stored ').toString());
    await expect.poll(() => unpublished(path)).toEqual([]);
    await destroyed(reader);
  });
});
