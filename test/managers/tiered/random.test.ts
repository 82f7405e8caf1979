import { describe, expect, it } from 'vitest';
import type { CacheWriter } from '../../../src/managers/manager.ts';
import { sampleHead, samplePolicy } from '../samples.ts';
import { put, read, type Tiers, twoProcesses } from './two-processes.ts';

/** Numbers that look random and are the same in every run. */
function randomBelow(limit: number, seed: { value: number }): number {
  seed.value = (seed.value * 48_271) % 0x7fffffff;
  return seed.value % limit;
}

describe('two managers that change and read one key in any order', () => {
  it('have nothing but what is stored when all is done', async () => {
    const { a, b, clock } = twoProcesses('telling');
    const seed = { value: 1_117 };
    const text = (n: number): string => `${n} `.repeat(randomBelow(2, seed) === 0 ? 1 : 2_000);
    const stream = async ({ tiered }: Tiers, n: number): Promise<void> => {
      const writer: CacheWriter = await tiered.putStream('key', sampleHead(), samplePolicy(String(n)));
      await writer.write(Buffer.from(text(n)));
      await writer.commit({ onlyIf: async () => (await read(tiered)) !== 'never' });
    };
    const freshen = async ({ tiered }: Tiers, n: number): Promise<void> => {
      const stored = await tiered.getStream('key');
      stored?.release();
      if (stored !== undefined) {
        await tiered.updateMetadata('key', stored.token, sampleHead(), samplePolicy(String(n)));
      }
    };
    const actions = [
      async ({ tiered }: Tiers) => void (await read(tiered)),
      async ({ tiered }: Tiers) => void (await read(tiered)),
      async ({ tiered }: Tiers, n: number) => await put(tiered, text(n)),
      stream,
      freshen,
      async ({ tiered }: Tiers) => await tiered.delete('key'),
    ];
    for (let round = 0; round < 500; round++) {
      const begun = Array.from({ length: 1 + randomBelow(6, seed) }, async (_, n) => {
        for (let turns = randomBelow(8, seed); turns > 0; turns--) await Promise.resolve();
        const process = randomBelow(2, seed) === 0 ? a : b;
        await actions[randomBelow(actions.length, seed)]?.(process, 10 * round + n);
      });
      await Promise.all(begun);
      const stored = await a.far.get('key');
      for (const { tiered } of [a, b]) {
        expect((await tiered.getStream('key'))?.policy.id).toBe(stored?.policy.id);
        expect(await read(tiered)).toBe(stored && Buffer.from(stored.response.body).toString());
      }
      clock.advance(1);
    }
    expect(a.far.lookUps).toBeGreaterThan(500);
  });
});
