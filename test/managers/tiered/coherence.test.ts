import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { MemoryManager } from '../../../src/managers/memory/memory-manager.ts';
import { TieredManager } from '../../../src/managers/tiered/tiered-manager.ts';
import { SettableClock } from '../../../src/testing/settable-clock.ts';
import { Gate } from '../../helpers/gate.ts';
import { sampleHead, samplePolicy, sampleResponse } from '../samples.ts';
import { put, read, twoProcesses } from './two-processes.ts';

const large = 'x'.repeat(100_000);

describe.each(['telling', 'silent'] as const)('two managers before a %s store', (tells) => {
  it('answer from a copy, at once where it is in memory', async () => {
    const { a } = twoProcesses(tells);
    for (const text of ['one', large]) {
      await put(a.tiered, text);
      expect(await read(a.tiered)).toBe(text);
      const { lookUps, bodies } = a.far;
      expect(a.tiered.getStream('key')).toMatchObject({ size: text.length });
      expect(await read(a.tiered)).toBe(text);
      expect(a.far).toMatchObject({ lookUps, bodies });
    }
  });

  it('see at once what they change themselves', async () => {
    const { a } = twoProcesses(tells);
    await put(a.tiered, 'one');
    await read(a.tiered);
    await put(a.tiered, 'two');
    expect(await read(a.tiered)).toBe('two');
    const stored = await a.tiered.getStream('key');
    expect(
      await a.tiered.updateMetadata('key', stored?.token ?? '', sampleHead(), samplePolicy('freshened')),
    ).toBeTypeOf('string');
    expect((await a.tiered.getStream('key'))?.policy.id).toBe('freshened');
    await a.tiered.delete('key');
    expect(await read(a.tiered)).toBeUndefined();
  });

  it('see what the other changes within a second', async () => {
    const { a, b, clock } = twoProcesses(tells);
    const changes = [
      async () => await put(b.tiered, 'two'),
      async () => await put(b.tiered, large),
      async () => await b.tiered.delete('key'),
    ];
    for (const change of changes) {
      await put(a.tiered, 'one');
      await read(a.tiered);
      await change();
      clock.advance(1000);
      expect(await read(a.tiered)).toBe(await read(b.tiered));
    }
  });

  it('compare a copy without reading its body', async () => {
    const { a, clock } = twoProcesses(tells);
    await put(a.tiered, large);
    await read(a.tiered);
    const { lookUps } = a.far;
    for (let n = 1; n <= 3; n++) {
      clock.advance(30_000);
      expect(await read(a.tiered)).toBe(large);
      expect(a.far).toMatchObject({ lookUps: lookUps + n, bodies: 1 });
    }
    expect(a.tiered.getStream('key')).not.toBeInstanceOf(Promise);
  });

  it('ask the store itself while a writer asks whether it may publish', async () => {
    const { a, b } = twoProcesses(tells);
    await put(a.tiered, 'one');
    await read(a.tiered);
    const writer = await a.tiered.putStream('other', sampleHead(), samplePolicy());
    b.far.hear(false);
    a.far.hear(false);
    await b.tiered.delete('key');
    const isThere = async (): Promise<boolean> => (await a.tiered.getStream('key')) !== undefined;
    expect(await isThere()).toBe(true);
    expect(await writer.commit({ onlyIf: isThere })).toBe(false);
    // It has noticed.
    expect(await isThere()).toBe(false);
  });

  it('trust no copy that is of something else than what they found', async () => {
    const { a, b } = twoProcesses(tells);
    await put(a.tiered, large);
    await read(a.tiered);
    a.far.hear(false);
    await put(b.tiered, `${large}!`);
    const size = async (): Promise<number | undefined> => (await a.tiered.getStream('key'))?.size;
    expect(await size()).toBe(large.length);
    const writer = await a.tiered.putStream('other', sampleHead(), samplePolicy());
    await writer.commit({ onlyIf: async () => (await size()) === large.length });
    expect(await size()).toBe(large.length + 1);
  });

  it('let no copy answer while they delete, nor when that fails', async () => {
    const { a } = twoProcesses(tells);
    await put(a.tiered, 'one');
    await read(a.tiered);
    a.far.heldDeletion = new Gate();
    const deletion = a.tiered.delete('key');
    expect(await read(a.tiered)).toBeUndefined();
    a.far.fault = new Error('cut off');
    a.far.heldDeletion.open();
    await expect(deletion).rejects.toThrow('cut off');
    await expect(read(a.tiered)).rejects.toThrow('cut off');
  });

  it('clear all', async () => {
    const { a } = twoProcesses(tells);
    await put(a.tiered, 'one');
    await read(a.tiered);
    await a.tiered.clear?.();
    expect(await read(a.tiered)).toBeUndefined();
    expect(a.near.stats().entries).toBe(0);
  });
});

describe('two managers before a store that tells of changes', () => {
  it('see them when they are told', async () => {
    const { a, b } = twoProcesses('telling');
    await put(a.tiered, 'one');
    await read(a.tiered);
    await put(b.tiered, 'two');
    expect(await read(a.tiered)).toBe('two');
    await b.tiered.delete('key');
    expect(await read(a.tiered)).toBeUndefined();
  });

  it('see that it was cleared', async () => {
    const { a } = twoProcesses('telling');
    await put(a.tiered, 'one');
    await read(a.tiered);
    await a.far.clear();
    expect(await read(a.tiered)).toBeUndefined();
  });

  it('make no copy of what was replaced while it was read', async () => {
    const { a, b } = twoProcesses('telling');
    for (const [before, after] of [
      ['one', 'two'],
      [large, `${large}!`],
    ] as const) {
      await put(b.tiered, before);
      a.far.held = new Gate();
      const reading = read(a.tiered);
      await setImmediate();
      await put(b.tiered, after);
      a.far.held.open();
      a.far.held = undefined;
      expect(await reading).toBe(before);
      expect(await read(a.tiered)).toBe(after);
    }
  });

  it('make no copy of a body that was replaced while it was streamed', async () => {
    const { a, b } = twoProcesses('telling');
    await put(b.tiered, large);
    const stored = await a.tiered.getStream('key');
    if (stored === undefined) throw new Error('nothing is stored');
    const stream = a.tiered.streamResponse(stored);
    stored.release();
    await put(b.tiered, 'two');
    expect((await stream.toArray()).join('')).toBe(large);
    await setImmediate();
    expect(await read(a.tiered)).toBe('two');
  });

  it('compare after a second while changes cannot be heard, and what they copied then', async () => {
    const { a, b, clock } = twoProcesses('telling');
    await put(a.tiered, 'one');
    await read(a.tiered);
    a.far.hear(false);
    await put(b.tiered, 'two');
    clock.advance(999);
    expect(await read(a.tiered)).toBe('one');
    clock.advance(1);
    expect(await read(a.tiered)).toBe('two');
    await put(b.tiered, 'three');
    // What was told meanwhile it has missed.
    a.far.hear(true);
    clock.advance(1000);
    expect(await read(a.tiered)).toBe('three');
    const { lookUps } = a.far;
    clock.advance(29_999);
    await read(a.tiered);
    expect(a.far.lookUps).toBe(lookUps);
    clock.advance(1);
    await read(a.tiered);
    expect(a.far.lookUps).toBe(lookUps + 1);
  });

  it('compare what they copied before changes could not be heard for a while', async () => {
    const { a, b, clock } = twoProcesses('telling');
    await put(a.tiered, 'one');
    await read(a.tiered);
    a.far.hear(false);
    await put(b.tiered, 'two');
    a.far.hear(true);
    clock.advance(1000);
    expect(await read(a.tiered)).toBe('two');
  });

  it('listen until they are closed', async () => {
    const { a } = twoProcesses('telling');
    expect(a.far.observers).toBe(1);
    await a.tiered.close();
    expect(a.far.observers).toBe(0);
  });
});

describe('two managers before a silent store', () => {
  it('answer from a copy for less than a second after it was compared', async () => {
    const { a, b, clock } = twoProcesses('silent');
    await put(a.tiered, 'one');
    await read(a.tiered);
    await put(b.tiered, 'two');
    clock.advance(999);
    expect(await read(a.tiered)).toBe('one');
    clock.advance(1);
    expect(await read(a.tiered)).toBe('two');
  });

  it('do not trust a clock that was set back', async () => {
    const { a, b, clock } = twoProcesses('silent');
    await put(a.tiered, 'one');
    await read(a.tiered);
    await put(b.tiered, 'two');
    clock.advance(-1);
    expect(await read(a.tiered)).toBe('two');
  });
});

describe('a manager before one that only this process reaches', () => {
  it('answers from copies until they are written over, evicted or listed', async () => {
    const clock = new SettableClock();
    const far = new MemoryManager({ maxEntries: 2 });
    const tiered = new TieredManager({ near: new MemoryManager(), far, maxStaleMs: 0, clock });
    expect(tiered.scope).toBe('process');
    await put(tiered, 'one');
    await read(tiered);
    // As nobody else would.
    await put(far, 'behind its back');
    clock.advance(29_999);
    expect(await read(tiered)).toBe('one');
    for await (const { cacheKey } of tiered.entries?.() ?? []) expect(cacheKey).toBe('key');
    expect(await read(tiered)).toBe('behind its back');
    for (const cacheKey of ['a', 'b']) await tiered.put(cacheKey, sampleResponse('other'), samplePolicy());
    expect(await read(tiered)).toBeUndefined();
  });
});
