import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { StreamingManager as Manager } from '../../../src/managers/disk/streaming-manager.ts';
import type { CacheWriter, StoredResponse } from '../../../src/managers/manager.ts';
import { bodyOf, sampleHead, samplePolicy, sampleResponse, storedText } from '../samples.ts';
import { openDescriptors } from './open-descriptors.ts';
import { filesUnder, temporaryFolder, temporaryManager } from './temporary-folder.ts';

const LARGE = Buffer.alloc(700_000, 'a large body ');

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('nothing is stored');
  return value;
}

describe('storing with StreamingManager', () => {
  it.each([0, 1, 99, 100, 101, 128 * 1024, 128 * 1024 + 1, 700_000])(
    'gives back %i bytes that came in chunks of all sizes',
    async (size) => {
      const { manager } = temporaryManager({ inlineMax: 100 });
      const body = Buffer.alloc(size, 'abcdefg');
      for (const chunkSize of [1, 99, 300_000]) {
        if (chunkSize === 1 && size > 1_000) continue;
        const writer = manager.putStream('key', sampleHead(), samplePolicy());
        for (let start = 0; start < size; start += chunkSize) {
          await writer.write(body.subarray(start, start + chunkSize));
        }
        expect(await writer.commit()).toBe(true);
        const stored = present(await manager.getStream('key'));
        expect(stored.size).toBe(size);
        expect((await bodyOf(manager, stored)).equals(body)).toBe(true);
      }
    },
  );

  it.each([300_000, 5_000_000])(
    'gives back a body that came in chunks of %i bytes, faster than the disk took them',
    async (chunkSize) => {
      const { manager } = temporaryManager();
      const body = randomBytes(5_000_001);
      const writer = manager.putStream('key', sampleHead(), samplePolicy());
      const followed = buffer(manager.readWhileWriting(writer));
      for (let start = 0; start < body.length; start += chunkSize) {
        await writer.write(body.subarray(start, start + chunkSize));
      }
      expect(await writer.commit()).toBe(true);
      expect((await followed).equals(body)).toBe(true);
      const stored = present(await manager.getStream('key'));
      expect((await bodyOf(manager, stored)).equals(body)).toBe(true);
    },
  );

  it('keeps a small body inside its entry file and a larger one beside it', async () => {
    const { manager, path } = temporaryManager();
    await manager.put('small', sampleResponse('small'), samplePolicy());
    expect(filesUnder(`${path}/cache-v2/metadata`)).toHaveLength(1);
    await manager.put('large', sampleResponse(LARGE), samplePolicy());
    expect(filesUnder(`${path}/cache-v2/metadata`)).toHaveLength(3);
    expect(filesUnder(`${path}/cache-v2/content`)).toHaveLength(1);
  });

  it('leaves nothing of an entry that was replaced or deleted', async () => {
    const { manager, path } = temporaryManager();
    await manager.put('key', sampleResponse(LARGE), samplePolicy());
    await manager.put('key', sampleResponse('small'), samplePolicy());
    expect(filesUnder(`${path}/cache-v2/content`)).toEqual([]);
    expect(filesUnder(`${path}/cache-v2/metadata`)).toHaveLength(1);
    await manager.delete('key');
    await manager.delete('key');
    expect(filesUnder(`${path}/cache-v2/metadata`)).toEqual([]);
    expect(await manager.stats()).toMatchObject({ entries: 0, bytes: 0 });
  });

  it('leaves nothing of a write that was aborted, refused, too large or of another length', async () => {
    const { manager, path } = temporaryManager({ maxEntrySize: 800_000 });
    const start = async (size?: number): Promise<CacheWriter> => {
      const writer = manager.putStream(
        'key',
        sampleHead(),
        samplePolicy(),
        size === undefined ? {} : { size },
      );
      await writer.write(LARGE);
      return writer;
    };
    await (await start()).abort();
    expect(await (await start()).commit({ onlyIf: () => false })).toBe(false);
    const tooLarge = await start();
    expect(() => tooLarge.write(LARGE)).toThrow(
      expect.objectContaining({ code: 'ERR_HTTP_CACHE_ENTRY_TOO_LARGE' }),
    );
    await expect(tooLarge.commit()).rejects.toThrow();
    await tooLarge.abort();
    await expect((await start(LARGE.length + 1)).commit()).rejects.toMatchObject({
      code: 'ERR_HTTP_CACHE_INCOMPLETE_BODY',
    });
    const throwing = await start();
    const failure = new Error('the guard failed');
    await expect(throwing.commit({ onlyIf: () => Promise.reject(failure) })).rejects.toBe(failure);
    expect(await manager.getStream('key')).toBeUndefined();
    expect(filesUnder(`${path}/cache-v2/metadata`)).toEqual([]);
    expect(filesUnder(`${path}/cache-v2/content`)).toEqual([]);
    expect(await manager.stats()).toMatchObject({ entries: 0, bytes: 0 });
  });

  it('does not publish part of a body when its writes failed', async () => {
    const { manager, path } = temporaryManager();
    const writer = manager.putStream('key', sampleHead(), samplePolicy());
    await writer.write(Buffer.from('start'));
    rmSync(`${path}/cache-v2/incoming`, { recursive: true, force: true });
    writeFileSync(`${path}/cache-v2/incoming`, 'in the way');
    await expect(writer.write(LARGE)).rejects.toThrow();
    rmSync(`${path}/cache-v2/incoming`);
    await expect(writer.commit()).rejects.toThrow();
    expect(await manager.getStream('key')).toBeUndefined();
  });

  it('makes nothing visible before the commit, and asks the guard when all else is done', async () => {
    const { manager } = temporaryManager();
    await manager.put('key', sampleResponse('old'), samplePolicy());
    const writer = manager.putStream('key', sampleHead(), samplePolicy());
    await writer.write(LARGE);
    expect(await storedText(manager, 'key')).toBe('old');
    let seen: string | undefined;
    const onlyIf = async (): Promise<boolean> => {
      seen = await storedText(manager, 'key');
      return true;
    };
    expect(await writer.commit({ onlyIf, trailers: [['Digest', 'x']] })).toBe(true);
    expect(seen).toBe('old');
    expect((await manager.get('key'))?.response.trailers).toEqual([['Digest', 'x']]);
  });

  it('keeps a deletion that comes while the guard is asked', async () => {
    const { manager } = temporaryManager();
    const writer = manager.putStream('key', sampleHead(), samplePolicy());
    let deleted: Promise<void> | undefined;
    const onlyIf = (): boolean => {
      deleted = manager.delete('key');
      return true;
    };
    await writer.commit({ onlyIf });
    await deleted;
    expect(await manager.getStream('key')).toBeUndefined();
  });
});

describe('reading with StreamingManager', () => {
  it('answers a look-up of a small entry at once, and after the first time from memory', async () => {
    const { manager } = temporaryManager();
    await manager.put('key', sampleResponse('small'), samplePolicy());
    const stored = manager.getStream('key');
    expect(stored).not.toBeInstanceOf(Promise);
    expect((await stored)?.body?.toString()).toBe('small');
    expect(manager.getStream('key')).toBe(stored);
    expect(manager.getStream('absent')).toBeUndefined();
  });

  it('never reads synchronously with io: async', async () => {
    const { manager } = temporaryManager({ io: 'async' });
    await manager.put('key', sampleResponse('small'), samplePolicy());
    for (let n = 0; n < 2; n++) {
      const stored = manager.getStream('key');
      expect(stored).toBeInstanceOf(Promise);
      expect((await stored)?.body?.toString()).toBe('small');
    }
  });

  it('sees what another manager on the folder does, at once', async () => {
    const { manager, path } = temporaryManager();
    const { manager: other } = temporaryManager({ path });
    for (const text of ['one', 'two', 'six']) {
      await other.put('key', sampleResponse(text), samplePolicy());
      expect(await storedText(manager, 'key')).toBe(text);
    }
    await other.delete('key');
    expect(manager.getStream('key')).toBeUndefined();
  });

  it('gives ranges', async () => {
    const { manager } = temporaryManager();
    for (const body of [Buffer.from('0123456789'), LARGE]) {
      await manager.put('key', sampleResponse(body), samplePolicy());
      for (const [start, end] of [
        [0, 0],
        [3, 7],
        [0, body.length - 1],
        [body.length - 1, body.length - 1],
      ] as const) {
        const stored = present(await manager.getStream('key'));
        const part = await bodyOf(manager, stored, { start, end });
        expect(part.equals(body.subarray(start, end + 1))).toBe(true);
      }
      const stored = present(await manager.getStream('key'));
      expect(() => manager.streamResponse(stored, { start: 0, end: body.length })).toThrow(RangeError);
      stored.release();
    }
  });

  it.each([
    ['replaced', (manager: Manager) => manager.put('key', sampleResponse('new'), samplePolicy())],
    ['deleted', (manager: Manager) => manager.delete('key')],
    ['cleared', (manager: Manager) => manager.clear()],
  ])('goes on with the body that it found when the entry is %s', async (_what, change) => {
    const { manager } = temporaryManager();
    await manager.put('key', sampleResponse(LARGE), samplePolicy());
    const stored = present(await manager.getStream('key'));
    await change(manager);
    expect((await bodyOf(manager, stored)).equals(LARGE)).toBe(true);
  });

  it('streams a stored response once only', async () => {
    const { manager } = temporaryManager();
    await manager.put('key', sampleResponse(LARGE), samplePolicy());
    const stored = present(await manager.getStream('key'));
    await bodyOf(manager, stored);
    expect(() => manager.streamResponse(stored)).toThrow('streamed or released before');
    stored.release();
  });

  it.runIf(process.platform === 'linux')(
    'closes descriptors at the end, on destroy and on release',
    async () => {
      const { manager } = temporaryManager();
      await manager.put('key', sampleResponse(LARGE), samplePolicy());
      await manager.stats();
      const before = openDescriptors();
      const found: StoredResponse[] = [];
      for (let n = 0; n < 40; n++) found.push(present(await manager.getStream('key')));
      expect(openDescriptors()).toBe(before + 40);
      await Promise.all(
        found.map(async (stored, n) => {
          if (n % 4 === 0) return void (await bodyOf(manager, stored));
          if (n % 4 === 1) return stored.release();
          const stream = manager.streamResponse(stored);
          if (n % 4 === 2) await new Promise((resolve) => stream.once('readable', resolve));
          await new Promise((resolve) => stream.destroy().once('close', resolve));
        }),
      );
      await expect.poll(openDescriptors).toBe(before);
    },
  );

  it('lists what is stored', async () => {
    const { manager } = temporaryManager();
    for (let n = 0; n < 20; n++)
      await manager.put(`key ${n}`, sampleResponse('x'.repeat(n)), samplePolicy(`${n}`));
    const listed = new Map<string, number>();
    for await (const { cacheKey, size, head, policy } of manager.entries()) {
      listed.set(cacheKey, size);
      expect(head).toEqual(sampleHead());
      expect(policy).toEqual(samplePolicy(String(size)));
    }
    expect(listed).toEqual(new Map(Array.from({ length: 20 }, (_, n) => [`key ${n}`, n])));
  });
});

describe('equal bodies', () => {
  it('are kept once, and stay as long as one entry has them', async () => {
    const { manager, path } = temporaryManager();
    await manager.put('one', sampleResponse(LARGE), samplePolicy());
    const { bytes } = await manager.stats();
    await manager.put('two', sampleResponse(LARGE), samplePolicy());
    expect((await manager.stats()).bytes).toBe(bytes + 4096);
    expect(filesUnder(`${path}/cache-v2/content`)).toHaveLength(1);
    await manager.delete('one');
    expect(await storedText(manager, 'two')).toBe(LARGE.toString());
    expect((await manager.stats()).bytes).toBe(bytes);
    await manager.put('three', sampleResponse(LARGE), samplePolicy());
    expect((await manager.stats()).bytes).toBe(bytes + 4096);
    await manager.delete('three');
    await manager.delete('two');
    expect(filesUnder(`${path}/cache-v2/content`)).toEqual([]);
    expect((await manager.stats()).bytes).toBe(0);
  });
});

describe('clearing and closing', () => {
  it('removes everything but the secret and the ledger', async () => {
    const { manager, path } = temporaryManager();
    const secret = manager.secret();
    await manager.put('small', sampleResponse('small'), samplePolicy());
    await manager.put('large', sampleResponse(LARGE), samplePolicy());
    await manager.getStream('small');
    await manager.clear();
    expect(manager.getStream('small')).toBeUndefined();
    expect(filesUnder(`${path}/cache-v2`)).toEqual(['CACHEDIR.TAG', 'format.json', 'ledger', 'secret']);
    expect(await manager.stats()).toMatchObject({ entries: 0, bytes: 0 });
    await manager.put('small', sampleResponse('again'), samplePolicy());
    expect(await storedText(manager, 'small')).toBe('again');
    expect(manager.secret()).toEqual(secret);
  });

  it('counts what is stored while everything is removed', async () => {
    const { manager } = temporaryManager();
    const put = async (name: string): Promise<unknown> =>
      await manager.put(name, sampleResponse(name), samplePolicy());
    const keys = Array.from({ length: 50 }, (_, n) => `key ${n}`);
    await Promise.all(keys.map(async (key) => await put(`early ${key}`)));
    await Promise.all([manager.clear(), ...keys.map(async (key) => await put(`late ${key}`))]);
    let stored = 0;
    for await (const { size } of manager.entries()) stored += size > 0 ? 1 : 0;
    expect(await manager.stats()).toMatchObject({ entries: stored, bytes: stored * 4_096 });
  });

  it('drops a write that was under way when everything was removed', async () => {
    const { manager } = temporaryManager();
    const writer = manager.putStream('key', sampleHead(), samplePolicy());
    await writer.write(LARGE);
    await manager.clear();
    expect(await writer.commit()).toBe(false);
    expect(manager.getStream('key')).toBeUndefined();
  });

  it('refuses everything once it is closed', async () => {
    const { manager } = temporaryManager();
    await manager.close();
    const closed = expect.objectContaining({ code: 'ERR_HTTP_CACHE_CLOSED' });
    expect(() => manager.getStream('key')).toThrow(closed);
    expect(() => manager.putStream('key', sampleHead(), samplePolicy())).toThrow(closed);
    await expect(manager.get('key')).rejects.toEqual(closed);
    await expect(manager.delete('key')).rejects.toEqual(closed);
    await expect(manager.clear()).rejects.toEqual(closed);
    await manager.close();
  });

  it('gives all managers of a folder the same secret', () => {
    const path = temporaryFolder();
    const secret = temporaryManager({ path }).manager.secret();
    expect(secret).toHaveLength(32);
    expect(temporaryManager({ path }).manager.secret()).toEqual(secret);
    expect(temporaryManager().manager.secret()).not.toEqual(secret);
  });
});
