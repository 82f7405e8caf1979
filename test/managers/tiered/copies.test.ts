import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { CacheManager, CacheWriter } from '../../../src/managers/manager.ts';
import { MemoryManager } from '../../../src/managers/memory/memory-manager.ts';
import { TieredManager } from '../../../src/managers/tiered/tiered-manager.ts';
import { SettableClock } from '../../../src/testing/settable-clock.ts';
import { MapManager } from '../../engine/caches.ts';
import { Gate } from '../../helpers/gate.ts';
import { bodyOf, samplePolicy, sampleResponse } from '../samples.ts';
import { SharedMemory, type SharedMemoryManager } from './shared-memory.ts';
import { put, read } from './two-processes.ts';

const large = 'x'.repeat(100_000);

function before(
  far: SharedMemoryManager,
  near: CacheManager = new MemoryManager(),
): { readonly tiered: TieredManager; readonly far: SharedMemoryManager } {
  return { tiered: new TieredManager({ near, far, clock: new SettableClock() }), far };
}

/** A near store that takes its time. */
class SlowManager extends MemoryManager {
  readonly gate = new Gate();
  aborted = 0;

  override putStream(
    ...parts: Parameters<MemoryManager['putStream']>
  ): ReturnType<MemoryManager['putStream']> {
    const writer = super.putStream(...parts);
    const slow: CacheWriter = {
      write: async (chunk) => {
        await this.gate.opened;
        writer.write(chunk);
      },
      commit: async (options) => await writer.commit(options),
      abort: async () => {
        this.aborted++;
        await writer.abort();
      },
    };
    return Object.assign(Object.create(writer) as typeof writer, slow);
  }
}

describe('copies', () => {
  it('are not made of a body that was not read to its end', async () => {
    const { tiered, far } = before(new SharedMemory().open());
    await put(tiered, large);
    const stored = await tiered.getStream('key');
    if (stored === undefined) throw new Error('nothing is stored');
    const stream = tiered.streamResponse(stored);
    await once(stream, 'readable');
    await once(stream.destroy(), 'close');
    await setImmediate();
    expect(await read(tiered)).toBe(large);
    expect(far.bodies).toBe(2);
    await read(tiered);
    expect(far.bodies).toBe(2);
  });

  it('are not made of a body that is let go of, or of which a range is read', async () => {
    const { tiered, far } = before(new SharedMemory().open());
    await put(tiered, `ab${large}`);
    (await tiered.getStream('key'))?.release();
    const stored = await tiered.getStream('key');
    if (stored === undefined) throw new Error('nothing is stored');
    expect((await bodyOf(tiered, stored, { start: 1, end: 2 })).toString()).toBe('bx');
    await setImmediate();
    await read(tiered);
    expect(far.bodies).toBe(2);
    const copy = await tiered.getStream('key');
    if (copy === undefined) throw new Error('nothing is stored');
    expect((await bodyOf(tiered, copy, { start: 1, end: 2 })).toString()).toBe('bx');
    expect(far.bodies).toBe(2);
  });

  it('are not made of what is larger than the near manager keeps', async () => {
    const { tiered, far } = before(new SharedMemory().open(), new MemoryManager({ maxEntrySize: 99_999 }));
    await put(tiered, large);
    for (let n = 1; n <= 2; n++) {
      expect(await read(tiered)).toBe(large);
      expect(far.bodies).toBe(n);
    }
  });

  it('are of what was stored, whatever the reader does with what it got', async () => {
    const { tiered } = before(new SharedMemory().open());
    await put(tiered, large);
    const stored = await tiered.getStream('key');
    if (stored === undefined) throw new Error('nothing is stored');
    Object.assign(stored.head, { status: 500 });
    for await (const chunk of tiered.streamResponse(stored)) (chunk as Buffer).fill(0);
    await setImmediate();
    expect(tiered.getStream('key')).toMatchObject({ head: { status: 200 } });
    expect(await read(tiered)).toBe(large);
  });

  it('are taken out when they are of no more use', async () => {
    const near = new MemoryManager();
    const { tiered } = before(new SharedMemory().open(), near);
    for (const text of ['one', 'two', large, 'three']) {
      await put(tiered, text);
      await read(tiered);
      expect(near.stats().entries).toBe(1);
    }
    await tiered.delete('key');
    expect(near.stats().entries).toBe(0);
  });

  it('may go as the near manager likes', async () => {
    const { tiered } = before(new SharedMemory().open(), new MemoryManager({ maxEntries: 1 }));
    await put(tiered, 'one');
    await tiered.put('other', sampleResponse('other'), samplePolicy());
    for (let n = 0; n < 2; n++) {
      expect(await read(tiered)).toBe('one');
      expect(await read(tiered, 'other')).toBe('other');
    }
  });

  it('are given up when the near manager cannot keep up, and hold up nobody', async () => {
    const near = new SlowManager();
    const { tiered } = before(new SharedMemory().open(), near);
    const body = 'x'.repeat(3 * 1024 * 1024);
    await put(tiered, body);
    expect(await read(tiered)).toBe(body);
    expect(near.aborted).toBe(1);
    near.gate.open();
    await setImmediate();
    expect(near.stats().entries).toBe(0);
  });

  it.each(['throws', 'rejects'])('are as if they were not there when the near manager %s', async (how) => {
    const fail = (): never | Promise<never> => {
      if (how === 'throws') throw new Error('broken');
      return Promise.reject(new Error('broken'));
    };
    for (const method of ['getStream', 'putStream', 'delete'] as const) {
      const near = new MemoryManager();
      const { tiered } = before(new SharedMemory().open(), near);
      Object.assign(near, { [method]: fail });
      for (const text of ['one', large]) {
        await put(tiered, text);
        for (let n = 0; n < 3; n++) expect(await read(tiered)).toBe(text);
      }
    }
  });

  it('answer within their bound when the store fails', async () => {
    const clock = new SettableClock();
    const far = new SharedMemory().open('silent');
    const tiered = new TieredManager({ near: new MemoryManager(), far, clock });
    await put(tiered, 'one');
    await read(tiered);
    far.fault = new Error('cut off');
    clock.advance(999);
    expect(await read(tiered)).toBe('one');
    clock.advance(1);
    await expect(read(tiered)).rejects.toThrow('cut off');
    far.fault = undefined;
    expect(await read(tiered)).toBe('one');
  });

  it('are told apart by the policy where the store has three methods', async () => {
    const clock = new SettableClock();
    const far = new MapManager();
    const tiered = new TieredManager({ near: new MemoryManager(), far, clock });
    await put(tiered, 'one');
    await read(tiered);
    // As another process marks it as stale: of one id, of one time.
    await far.put('key', sampleResponse('one'), { ...samplePolicy('one'), staleSince: 2_000 });
    clock.advance(1000);
    for (let n = 0; n < 2; n++) {
      expect((await tiered.getStream('key'))?.policy).toHaveProperty('staleSince', 2_000);
      await setImmediate();
    }
    expect(tiered.getStream('key')).not.toBeInstanceOf(Promise);
  });
});

describe('the options of a TieredManager', () => {
  const near = new MemoryManager();
  const far = new MapManager();

  it.each([
    [{ near }, /The option far is undefined: give a cache manager/],
    [{ far, near: {} }, /The option near has no method get\(\)/],
    [{ near, far: near }, /near and far are one manager/],
    [{ near, far, maxStaleMs: -1 }, /maxStaleMs is -1: give a whole number of milliseconds from 0/],
    [{ near, far, clock: 1 }, /clock is 1: give an object with a method now\(\)/],
    [{ near, far, maxStale: 1 }, /no option 'maxStale'/],
  ])('refuse %o', (options, message) => {
    expect(() => Reflect.construct(TieredManager, [options])).toThrow(message);
  });

  it('leave to the far manager what it is and can do', async () => {
    const three = new TieredManager({ near, far });
    expect(three).toMatchObject({ scope: 'shared', maxEntrySize: 8 * 1024 * 1024 });
    expect(three.entries ?? three.stats ?? three.secret ?? three.lease).toBeUndefined();
    const memory = new MemoryManager({ maxEntrySize: 10 });
    const all = new TieredManager({ near: new MemoryManager(), far: memory });
    expect(all).toMatchObject({ scope: 'process', maxEntrySize: 10, evictions: memory.evictions });
    expect(all.stats?.()).toEqual(memory.stats());
    expect(await all.secret?.()).toEqual(memory.secret());
  });
});
