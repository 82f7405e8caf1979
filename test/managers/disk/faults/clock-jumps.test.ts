import { describe, expect, it, vi } from 'vitest';
import { SettableClock } from '../../../../src/testing/settable-clock.ts';
import { sampleHead, samplePolicy, sampleResponse, storedText } from '../../samples.ts';
import { temporaryManager } from '../temporary-folder.ts';
import { auditStore } from './audit.ts';

const DAY = 24 * 60 * 60_000;
const INLINE = 'small';
const LARGE = 'large '.repeat(20_000);

describe.each([
  ['forward', DAY],
  ['back', -DAY],
])('a clock that jumps a day %s', (_way, jump) => {
  it('between operations hides nothing, and keeps nothing from being replaced, evicted and removed', async () => {
    const clock = new SettableClock(Date.now());
    const { manager } = temporaryManager({ clock, maxEntries: 4 });
    for (const key of ['a', 'b', 'c', 'd']) await manager.put(key, sampleResponse(key), samplePolicy());
    clock.set(clock.now() + jump);
    for (const key of ['a', 'b', 'c', 'd']) expect(await storedText(manager, key)).toBe(key);
    await manager.put('a', sampleResponse('another'), samplePolicy());
    expect(await storedText(manager, 'a')).toBe('another');
    for (let n = 0; n < 12; n++) {
      clock.advance(1_000);
      await manager.put(`later ${n}`, sampleResponse(`later ${n}`), samplePolicy());
    }
    const { entries } = await manager.stats();
    expect(entries).toBeLessThanOrEqual(4);
    await manager.delete('later 11');
    expect(await storedText(manager, 'later 11')).toBeUndefined();
  });

  it.each([
    ['small', INLINE, 'small again'],
    ['large', LARGE, `${LARGE}again`],
  ])(
    'before each change of a %s entry leaves right entries and nothing beside them',
    async (_size, ...texts) => {
      const [before, after] = texts;
      const clock = new SettableClock(Date.now());
      const { manager, path } = temporaryManager({ clock });
      let way = jump;
      const jumps = (): void => {
        clock.set(clock.now() + way);
        way = -way;
      };
      const { manager: other } = temporaryManager({ path });
      for (let round = 0; round < 2; round++) {
        await manager.put('key', sampleResponse(before), samplePolicy('put'));
        jumps();
        await manager.put('key', sampleResponse(after), samplePolicy('replaced'));
        // More than one file takes: the last of them writes it anew.
        for (let update = 0; update < 9; update++) {
          jumps();
          const stored = await manager.getStream('key');
          stored?.release();
          const token = await manager.updateMetadata(
            'key',
            stored?.token ?? '',
            sampleHead(),
            samplePolicy(`${update}`),
          );
          expect(token).toBeDefined();
          expect(await other.getStream('key')).toMatchObject({ token, policy: { id: `${update}` } });
        }
        expect(await storedText(other, 'key')).toBe(after);
        expect(await manager.verify()).toMatchObject({ problems: 0 });
        jumps();
        await manager.put('other key', sampleResponse(after), samplePolicy());
        await manager.delete('key');
        expect(await storedText(other, 'key')).toBeUndefined();
        expect(await storedText(other, 'other key')).toBe(after);
      }
      const { entries, leftovers } = auditStore(path);
      expect({ entries, leftovers }).toEqual({ entries: 1, leftovers: [] });
    },
  );

  it('before a verification costs no entry, and no body that several share', async () => {
    const clock = new SettableClock(Date.now());
    const { manager, path } = temporaryManager({ clock });
    const { manager: other } = temporaryManager({ path });
    for (const [key, text] of [
      ['a', INLINE],
      ['b', LARGE],
      ['c', LARGE],
    ] as const)
      await manager.put(key, sampleResponse(text), samplePolicy());
    clock.set(clock.now() + jump);
    for (const one of [manager, other]) expect(await one.verify()).toMatchObject({ entries: 3, problems: 0 });
    for (const key of ['b', 'c']) expect(await storedText(manager, key)).toBe(LARGE);
  });

  it('lets the entries go first that were used longest ago by their own clock', async () => {
    const clock = new SettableClock(Date.now());
    const { manager } = temporaryManager({ clock, maxEntries: 3 });
    for (const key of ['a', 'b', 'c']) await manager.put(key, sampleResponse(key), samplePolicy());
    clock.set(clock.now() + jump);
    expect(await storedText(manager, 'a')).toBe('a');
    await manager.put('d', sampleResponse('d'), samplePolicy());
    expect(await storedText(manager, 'b')).toBeUndefined();
    for (const key of ['a', 'c', 'd']) expect(await storedText(manager, key)).toBe(key);
  });

  it('while a body comes loses nothing of it', async () => {
    const clock = new SettableClock(Date.now());
    const { manager } = temporaryManager({ clock });
    const body = Buffer.alloc(200_000, 'body');
    const writer = manager.putStream('key', sampleHead(), samplePolicy());
    await writer.write(body.subarray(0, 150_000));
    clock.set(clock.now() + jump);
    await manager.put('other', sampleResponse('other'), samplePolicy());
    await manager.verify();
    await writer.write(body.subarray(150_000));
    expect(await writer.commit()).toBe(true);
    clock.set(clock.now() - jump);
    expect(await storedText(manager, 'key')).toBe(body.toString());
    expect(await storedText(manager, 'other')).toBe('other');
  });

  it('before bodies under way are looked at leaves those of this process', async () => {
    const clock = new SettableClock(Date.now());
    const { manager } = temporaryManager({ clock, maxSize: 1_000_000 });
    await manager.stats();
    const writer = manager.putStream('key', sampleHead(), samplePolicy());
    await writer.write(Buffer.alloc(200_000, 'body'));
    clock.set(clock.now() + jump);
    const elapsed = performance.now() + 61_000;
    vi.spyOn(performance, 'now').mockImplementation(() => elapsed);
    await manager.put('other', sampleResponse('other'), samplePolicy());
    vi.restoreAllMocks();
    await manager.close();
    await writer.write(Buffer.alloc(100_000, 'body'));
    expect(await writer.commit()).toBe(true);
  });
});
