// @ts-check
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { askWorker } from '../ask-worker.mjs';
import { entriesName, sizesComparison } from '../sizes-comparison.mjs';
import { spread } from '../statistics.mjs';
import { storedSample } from '../stored-sample.mjs';

/** @typedef {import('./worker.mjs').Done} Done */

/** What is asked of each manager, and how often in a turn. Evictions come last: they change what the others meet. Of many
 * entries few are in the processor's caches, which makes each look-up longer, in a Map too. */
const orders = /** @type {readonly (import('./worker.mjs').Order & { raw?: boolean })[]} */ ([
  { task: 'get', times: 10_000 },
  { task: 'get from a Map, for scale', times: 10_000, raw: true },
  { task: 'put in place of an entry', times: 2000 },
  { task: 'put that evicts an entry', times: 2000 },
]);

/** Rounds that do not count: all of it is to be compiled. */
const warmUp = 3;

/** For a million entries: they take more than Node allows itself on small machines. */
const heap = '--max-old-space-size=4096';

/** @type {import('../sections.mjs').Section} */
export const growth = {
  name: 'growth',
  about: 'the memory manager by the number of its entries',
  async *run({ origin, folder, quick, entries }) {
    const sample = await folder(async (path) => await storedSample({ origin, folder: path }));
    const sizes = entries ?? (quick ? [1000, 100_000] : [1000, 100_000, 1_000_000]);
    const script = fileURLToPath(new URL('worker.mjs', import.meta.url));
    const workers = sizes.map((size) => ({
      size,
      child: fork(script, [String(size), JSON.stringify(sample)], { execArgv: [heap] }),
    }));
    yield* await compareWorkers(workers, quick ? 7 : 21);
    for (const { child } of workers) {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    }
  },
};

/**
 * @param {readonly { size: number, child: import('node:child_process').ChildProcess }[]} workers
 * @param {number} rounds
 */
async function compareWorkers(workers, rounds) {
  const comparisons = [];
  /** @type {Map<number, number>} */
  const memory = new Map();
  for (const order of orders) {
    /** @type {Map<number, Done[]>} */
    const done = new Map(workers.map(({ size }) => [size, []]));
    for (let round = -warmUp; round < rounds; round += 1) {
      for (const { size, child } of workers) {
        /** @type {Done} */
        const answer = await askWorker(child, order);
        if (round >= 0) done.get(size)?.push(answer);
        memory.set(size, answer.kilobytesOfMemory);
      }
    }
    const id = `memory-${order.task.replaceAll(/\W+/gu, '-')}`;
    comparisons.push(sizesComparison(id, `Memory: ${order.task}`, done, order));
  }
  return [...comparisons, memoryComparison(memory)];
}

/**
 * @param {ReadonlyMap<number, number>} memory
 * @returns {import('../result.mjs').Comparison}
 */
function memoryComparison(memory) {
  return {
    id: 'memory-bytes-of-an-entry',
    title: 'Memory: what an entry with a body of 100 bytes takes',
    unit: 'KB',
    better: 'less',
    rows: [...memory].map(([size, kilobytes]) => ({
      id: `entries-${size}`,
      name: entriesName(size),
      value: spread([kilobytes]),
    })),
  };
}
