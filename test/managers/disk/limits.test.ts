import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { keyHash, Layout } from '../../../src/managers/disk/format/layout.ts';
import { SettableClock } from '../../../src/testing/settable-clock.ts';
import { sampleHead, samplePolicy, sampleResponse } from '../samples.ts';
import { filesUnder, temporaryFolder, temporaryManager } from './temporary-folder.ts';

type Manager = ReturnType<typeof temporaryManager>['manager'];

async function keysIn(manager: Manager): Promise<string[]> {
  const keys: string[] = [];
  for await (const { cacheKey } of manager.entries()) keys.push(cacheKey);
  return keys.toSorted();
}

async function put(manager: Manager, ...keys: string[]): Promise<void> {
  for (const key of keys) await manager.put(key, sampleResponse(key), samplePolicy());
}

describe('the limit in entries', () => {
  it('takes out exactly what was used longest ago, also within one tick of the clock', async () => {
    const { manager } = temporaryManager({ maxEntries: 3, clock: new SettableClock(1_000_000) });
    await put(manager, 'a', 'b', 'c');
    await manager.getStream('a');
    await put(manager, 'd');
    expect(await keysIn(manager)).toEqual(['a', 'c', 'd']);
    await manager.getStream('c');
    await manager.getStream('a');
    await put(manager, 'e', 'f');
    expect(await keysIn(manager)).toEqual(['a', 'e', 'f']);
    expect(await manager.stats()).toMatchObject({ entries: 3, evictions: 3 });
  });

  it('counts a replacement once', async () => {
    const { manager } = temporaryManager({ maxEntries: 3 });
    await put(manager, 'a', 'b', 'c', 'c', 'c');
    await manager.delete('c');
    await put(manager, 'd');
    expect(await keysIn(manager)).toEqual(['a', 'b', 'd']);
  });

  it('keeps the order of use across a restart', async () => {
    const path = temporaryFolder();
    const clock = new SettableClock(1_000_000);
    const { manager } = temporaryManager({ path, clock });
    await put(manager, 'a', 'b', 'c');
    await manager.getStream('a');
    await manager.close();
    clock.advance(5);
    const { manager: next } = temporaryManager({ path, clock, maxEntries: 3 });
    await put(next, 'd');
    expect(await keysIn(next)).toEqual(['a', 'c', 'd']);
  });

  it('counts a freshening as a use', async () => {
    const { manager } = temporaryManager({ maxEntries: 2, clock: new SettableClock(1_000_000) });
    await put(manager, 'a', 'b');
    const stored = await manager.getStream('b');
    await put(manager, 'b', 'a');
    const current = await manager.getStream('b');
    if (stored === undefined || current === undefined) throw new Error('nothing stored');
    await manager.updateMetadata('b', current.token, current.head, current.policy);
    await put(manager, 'c');
    expect(await keysIn(manager)).toEqual(['b', 'c']);
  });

  it('does not keep what was stored while a clock was ahead longer than the rest', async () => {
    const path = temporaryFolder();
    const { manager: ahead } = temporaryManager({ path, clock: new SettableClock(86_400_000_000) });
    await put(ahead, 'ahead');
    await ahead.close();
    const clock = new SettableClock(1_000_000);
    for (const keys of [['b', 'c'], ['d']]) {
      const { manager } = temporaryManager({ path, maxEntries: 2, clock });
      await put(manager, ...keys);
      await manager.close();
      clock.advance(5);
    }
    expect(await keysIn(temporaryManager({ path }).manager)).toEqual(['c', 'd']);
  });

  it('holds while one put waits for its guard', async () => {
    const { manager } = temporaryManager({ maxEntries: 1 });
    let open = (): void => {};
    const gate = new Promise<boolean>((resolve) => (open = () => resolve(true)));
    const writer = manager.putStream('a', sampleHead(), samplePolicy());
    const first = writer.commit({ onlyIf: () => gate });
    const second = put(manager, 'b');
    for (let n = 0; n < 20; n++) await manager.stats();
    open();
    await Promise.all([first, second]);
    expect(await keysIn(manager)).toEqual(['b']);
  });

  it('holds for puts that come all at once', async () => {
    const { manager } = temporaryManager({ maxEntries: 5 });
    await Promise.all(Array.from({ length: 60 }, async (_, n) => await put(manager, `key ${n}`)));
    expect(await keysIn(manager)).toHaveLength(5);
    expect(await manager.stats()).toMatchObject({ entries: 5, evictions: 55 });
  });

  it('is no reason to store nothing when all that is there is in use', async () => {
    const { manager } = temporaryManager({ maxEntries: 4 });
    await put(manager, 'a', 'b', 'c', 'd');
    let used = ['a', 'b', 'c', 'd'];
    let isDone = false;
    const use = async (): Promise<void> => {
      while (!isDone) {
        for (const key of used) await manager.getStream(key);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const using = use();
    for (let n = 0; n < 20; n++) {
      await put(manager, `key ${n}`);
      used = await keysIn(manager);
    }
    isDone = true;
    await using;
    expect(await manager.stats()).toMatchObject({ entries: 4, evictions: 20 });
  });

  it('holds with more entries than are looked at at once', async () => {
    const path = temporaryFolder();
    const layout = new Layout(path);
    for (let n = 0; n < 6_000; n++) {
      const file = layout.entry(keyHash(String(n)));
      if (n < 2_000) mkdirSync(file.slice(0, -63), { recursive: true });
      writeFileSync(file, 'x');
      utimesSync(file, n, n);
    }
    const { manager } = temporaryManager({ path, maxEntries: 5_990 });
    expect(await manager.stats()).toMatchObject({ entries: 6_000, bytes: 6_000 * 4_096 });
    await put(manager, 'a', 'b', 'c');
    expect(await manager.stats()).toMatchObject({ entries: 5_990, evictions: 13 });
    expect(filesUnder(layout.metadata)).toHaveLength(5_990);
    expect(await keysIn(manager)).toEqual(['a', 'b', 'c']);
  });
});

describe('the limit in bytes', () => {
  it('is kept at every moment, counted in blocks', async () => {
    const { manager } = temporaryManager({ maxSize: 1_000_000 });
    for (let n = 0; n < 40; n++) {
      await manager.put(`key ${n}`, sampleResponse(Buffer.alloc(n * 5_000, `${n} `)), samplePolicy());
      expect((await manager.stats()).bytes).toBeLessThanOrEqual(1_000_000);
    }
    const keys = await keysIn(manager);
    expect(keys).toEqual(['key 35', 'key 36', 'key 37', 'key 38', 'key 39']);
    const { manager: next, path } = temporaryManager({ maxSize: 1_000_000 });
    await put(next, 'a');
    expect((await next.stats()).bytes).toBe(4_096);
    expect(filesUnder(`${path}/cache-v2/metadata`)).toHaveLength(1);
  });

  it('counts what is there at the start, and what other managers of the folder leave', async () => {
    const path = temporaryFolder();
    const { manager: first } = temporaryManager({ path });
    await put(first, 'a', 'b', 'c');
    const { manager } = temporaryManager({ path, maxSize: 4 * 4_096 });
    await put(manager, 'd', 'e');
    expect(await keysIn(manager)).toEqual(['b', 'c', 'd', 'e']);
    await first.delete('c');
    await put(manager, 'f');
    expect(await manager.stats()).toMatchObject({ entries: 4 });
  });

  it('refuses what alone is over it, and keeps the rest', async () => {
    const { manager } = temporaryManager({ maxSize: 8_192 });
    await put(manager, 'a');
    const tooLarge = { code: 'ERR_HTTP_CACHE_ENTRY_TOO_LARGE' };
    await expect(manager.put('b', sampleResponse('x'.repeat(8_193)), samplePolicy())).rejects.toMatchObject(
      tooLarge,
    );
    await expect(manager.put('b', sampleResponse('x'.repeat(8_000)), samplePolicy())).rejects.toMatchObject(
      tooLarge,
    );
    expect(await keysIn(manager)).toEqual(['a']);
  });
});

describe('what a killed process leaves', () => {
  it('is removed ten minutes later, and not before', async () => {
    const path = temporaryFolder();
    const clock = new SettableClock(Date.now());
    const { manager } = temporaryManager({ path, clock });
    const large = Buffer.alloc(100_000, 'x');
    await manager.put('large', sampleResponse(large), samplePolicy());
    const layout = new Layout(path);
    const kept = filesUnder(layout.root);
    const stamp = Date.now().toString(36);
    writeFileSync(layout.temporary(keyHash('large'), `${stamp}-0123456789abcdef`), large);
    writeFileSync(layout.body(keyHash('large'), `${stamp}-0123456789abcdef`), large);
    writeFileSync(layout.entry(keyHash('large')).replace(/.{4}$/, `0000.${stamp}-0123456789abcdef`), large);
    mkdirSync(layout.anchor('0'.repeat(64)).slice(0, -63), { recursive: true });
    const scan = async (): Promise<string[]> => {
      const { manager: next } = temporaryManager({ path, clock });
      await next.stats();
      await next.close();
      return filesUnder(layout.root);
    };
    clock.advance(9 * 60_000);
    expect(await scan()).toHaveLength(kept.length + 3);
    clock.advance(2 * 60_000);
    expect(await scan()).toEqual(kept);
  });

  it('is removed at once when it is an anchor that nobody owns, or trash', async () => {
    const path = temporaryFolder();
    const layout = new Layout(path);
    const { manager } = temporaryManager({ path });
    const group = keyHash('a').slice(0, 2);
    mkdirSync(`${layout.content}/${group}`, { recursive: true });
    writeFileSync(`${layout.content}/${group}/${'0'.repeat(62)}`, 'x');
    const trash = layout.trash('metadata', 'abc-0123456789abcdef');
    mkdirSync(`${trash}/${group}`, { recursive: true });
    writeFileSync(`${trash}/${group}/${'0'.repeat(62)}`, 'x');
    await put(manager, 'a');
    await manager.close();
    await expect
      .poll(() => filesUnder(layout.root))
      .toEqual(['CACHEDIR.TAG', 'format.json', 'ledger', `metadata/${group}/${keyHash('a').slice(2)}`]);
  });
});
