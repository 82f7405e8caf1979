import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CacheOutcome } from '../../src/engine/cache-info.ts';
import { type Origin, startOrigin } from '../helpers/origin.ts';
import { type TempDir, tempDir } from '../helpers/temp-dir.ts';
import { compileChildren } from '../helpers/child-process.ts';
import type { LargeBodyMeasures, LargeBodyTask } from './children/large-body.ts';
import { clientRows } from './clients.ts';
import { largeRoutes, largeSize } from './large-bodies.ts';

/** A quarter of the body: what is held whole goes past it, chance does not. The bench holds the goal of 16 MB. */
const limit = largeSize / 4;
const timeout = 120_000;

const children = compileChildren('test/streams');
afterAll(() => children[Symbol.dispose]());

describe.each(clientRows)('a body of 256 MB through $client', { timeout }, ({ client }) => {
  let origin: Origin;
  let folder: TempDir;
  let growthWithoutCache = 0;

  const measure = async (path: string, store?: LargeBodyTask['store']): Promise<LargeBodyMeasures> => {
    const task: LargeBodyTask = { client, origin: origin.url, path, store };
    return (await children.run('large-body.ts', task)) as LargeBodyMeasures;
  };

  beforeAll(async () => {
    origin = await startOrigin(largeRoutes);
    folder = await tempDir();
    growthWithoutCache = (await measure('/announced')).growth;
  }, timeout);
  afterAll(async () => {
    await origin.close();
    await folder[Symbol.asyncDispose]();
  });

  /**
   * Expects the body to take not much more memory than without a cache. Chance only ever adds to that: garbage that is
   * yet to be collected. So the least of a few runs counts, and there are no more once one is within the limit.
   */
  async function expectGrowth(
    expected: CacheOutcome,
    run: (nth: number) => Promise<LargeBodyMeasures>,
  ): Promise<void> {
    let least = Number.POSITIVE_INFINITY;
    for (let nth = 0; nth < 4 && least > limit; nth += 1) {
      const { outcome, length, growth } = await run(nth);
      expect({ outcome, length }).toEqual({ outcome: expected, length: largeSize });
      least = Math.min(least, growth - growthWithoutCache);
    }
    expect(least).toBeLessThan(limit);
  }

  it('is not held in memory on its way to disk', async () => {
    await expectGrowth('miss', (nth) => measure('/announced', { folder: join(folder.path, `miss ${nth}`) }));
  });

  it('is not held in memory on its way from disk', async () => {
    const store = { folder: join(folder.path, 'hit') };
    // A disk that is much slower than the loopback interface is let go of, and the body is not stored.
    let first = await measure('/chunked', store);
    for (let tries = 0; tries < 5 && first.outcome === 'miss'; tries += 1)
      first = await measure('/chunked', store);
    await expectGrowth('hit', async (nth) => (nth === 0 ? first : measure('/chunked', store)));
  });

  it('is not held by the memory store', async () => {
    await expectGrowth('miss', () => measure('/chunked', 'memory'));
  });
});
