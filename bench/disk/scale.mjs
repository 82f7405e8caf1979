// @ts-check
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { askWorker } from '../ask-worker.mjs';
import { entriesName, sizesComparison } from '../sizes-comparison.mjs';
import { spread } from '../statistics.mjs';
import { storedSample } from '../stored-sample.mjs';

/** @typedef {import('./scaled-store.mjs').Done} Done */
/** @typedef {import('./scaled-store.mjs').Order} Order */

/** What is asked of each store, and how often in a turn. Evictions come last: they change what the others meet. */
const orders = /** @type {const} */ ([
  { task: 'hit, read before', times: 2000 },
  { task: 'hit, read from disk', times: 500 },
  { task: 'put', times: 100 },
  { task: 'first look-up', times: 3 },
  { task: 'first put', times: 3 },
  { task: 'put at the limit', times: 100 },
]);

const fillScript = new URL('fill-store.mjs', import.meta.url);
const workerScript = new URL('scale-worker.mjs', import.meta.url);

/**
 * What a store does by the number of its entries. All stores are there at once, each with a process of its own, and take
 * turns.
 *
 * @param {{ origin: string, folder: string, sizes: readonly number[], rounds: number }} setting
 * @returns {Promise<import('../result.mjs').Comparison[]>}
 */
export async function compareSizes({ origin, folder, sizes, rounds }) {
  const sample = JSON.stringify(await storedSample({ origin, folder }));
  const stores = [];
  for (const size of sizes) {
    const args = [join(folder, String(size)), String(size), sample];
    const [code] = await once(start(fillScript, args), 'exit');
    if (code !== 0) throw new Error(`The store of ${size} entries was not filled; see above`);
    stores.push({ size, args });
  }
  const workers = stores.map(({ size, args }) => ({ size, child: start(workerScript, args) }));
  const comparisons = [];
  /** @type {Map<number, number>} */
  const memory = new Map();
  for (const order of orders) {
    /** @type {Map<number, Done[]>} */
    const done = new Map(sizes.map((size) => [size, []]));
    for (let round = 0; round <= rounds; round += 1) {
      for (const { size, child } of workers) {
        const answer = await askWorker(child, order);
        // The first round fills the caches of the system and compiles.
        if (round > 0) done.get(size)?.push(answer);
        memory.set(size, Math.max(memory.get(size) ?? 0, answer.megabytesOfMemory));
      }
    }
    comparisons.push(diskComparison(order.task, done));
  }
  for (const { child } of workers) {
    const ended = once(child, 'exit');
    child.disconnect();
    await ended;
  }
  return [...comparisons, memoryComparison(memory)];
}

/**
 * @param {string} task
 * @param {ReadonlyMap<number, readonly Done[]>} done
 */
function diskComparison(task, done) {
  return sizesComparison(`disk-${task.replaceAll(/\W+/gu, '-')}`, `Disk: ${task}`, done);
}

/**
 * @param {ReadonlyMap<number, number>} memory
 * @returns {import('../result.mjs').Comparison}
 */
function memoryComparison(memory) {
  const [least = NaN] = memory.values();
  return {
    id: 'disk-growth-memory',
    title: 'Disk: the most memory of the process that did all this',
    unit: 'MB',
    better: 'less',
    rows: [...memory].map(([size, most]) => ({
      id: `entries-${size}`,
      name: entriesName(size),
      value: spread([most]),
      difference: most - least,
      goal: undefined,
    })),
  };
}

/**
 * @param {URL} script
 * @param {readonly string[]} args
 */
function start(script, args) {
  return fork(fileURLToPath(script), args);
}
