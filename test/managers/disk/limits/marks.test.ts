import { describe, expect, it } from 'vitest';
import type { IndexPolicy } from '../../../../src/core/policy-types.ts';
import { SettableClock } from '../../../../src/testing/settable-clock.ts';
import { samplePolicy, sampleResponse } from '../../samples.ts';
import { temporaryManager } from '../temporary-folder.ts';

const mark: IndexPolicy = { v: 1, kind: 'index', id: 'i', epoch: 'e', invalidatedAt: 1, sets: [] };

describe('what an invalidation leaves behind', () => {
  it('is not evicted for a minute, unless nothing else could be', async () => {
    const clock = new SettableClock();
    const { manager } = temporaryManager({ maxEntries: 4, clock });
    await manager.put('marked', sampleResponse(''), mark);
    const store = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n++) {
        clock.advance(10);
        await manager.put(`key ${n}`, sampleResponse('x'), samplePolicy());
      }
    };
    await store(20);
    expect((await manager.get('marked'))?.policy).toEqual(mark);
    clock.advance(61_000);
    await manager.put('last', sampleResponse('x'), samplePolicy());
    await store(20);
    expect(await manager.get('marked')).toBeUndefined();
    for (let n = 0; n < 20; n++) await manager.put(`mark ${n}`, sampleResponse(''), mark);
    expect(await manager.stats()).toMatchObject({ entries: 4 });
  });
});
