import { describe, expect, it } from 'vitest';
import { inParallel } from '../../src/cli/store/in-parallel.ts';

async function* upTo(count: number, ended: string[] = []): AsyncGenerator<number, void, undefined> {
  try {
    for (let at = 0; at < count; at++) yield at;
  } finally {
    ended.push('closed');
  }
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('work in parallel', () => {
  it('is done on each item once, on no more at once than allowed', async () => {
    const done: number[] = [];
    let running = 0;
    let most = 0;
    await inParallel(upTo(20), 4, async (item) => {
      most = Math.max(most, ++running);
      await turn();
      running--;
      done.push(item);
    });
    expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, at) => at));
    expect(most).toBe(4);
  });

  it('ends with the first fault, when what was begun is done and the items are closed', async () => {
    const ended: string[] = [];
    const work = inParallel(upTo(20, ended), 3, async (item) => {
      await turn();
      if (item === 1) throw new Error('no');
      await turn();
      ended.push(`${item}`);
    });
    await expect(work).rejects.toThrow('no');
    const atOnce = ended.length;
    await turn();
    await turn();
    expect(ended).toHaveLength(atOnce);
    expect(ended).toContain('closed');
    expect(ended.length).toBeLessThan(6);
  });
});
