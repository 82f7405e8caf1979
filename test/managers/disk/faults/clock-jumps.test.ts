import { describe, expect, it } from 'vitest';
import { SettableClock } from '../../../../src/testing/settable-clock.ts';
import { sampleHead, samplePolicy, sampleResponse, storedText } from '../../samples.ts';
import { temporaryManager } from '../temporary-folder.ts';

const DAY = 24 * 60 * 60_000;

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
});
