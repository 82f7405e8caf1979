// @ts-check
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

/** How many times longer a store of any size may take than the smallest. */
const goal = 1.5;

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
        const answer = await ask(child, order);
        // The first round fills the caches of the system and compiles.
        if (round > 0) done.get(size)?.push(answer);
        memory.set(size, Math.max(memory.get(size) ?? 0, answer.megabytesOfMemory));
      }
    }
    comparisons.push(comparison(order.task, done));
  }
  for (const { child } of workers) {
    const ended = once(child, 'exit');
    child.disconnect();
    await ended;
  }
  return [...comparisons, memoryComparison(memory)];
}

/**
 * @param {string} title
 * @param {ReadonlyMap<number, readonly Done[]>} done
 * @returns {import('../result.mjs').Comparison}
 */
function comparison(title, done) {
  const times = [...done].map(([size, answers]) => ({ size, taken: answers.map((one) => one.microseconds) }));
  const [floor] = times;
  return {
    id: `disk-${title.replaceAll(/\W+/gu, '-')}`,
    title: `Disk: ${title}`,
    unit: 'us',
    better: 'less',
    rows: times.map(({ size, taken }, index) => ({
      id: `entries-${size}`,
      name: entriesName(size),
      value: spread(taken),
      ratio: spread(taken.map((time, round) => time / (floor?.taken[round] ?? NaN))),
      goal: index === 0 ? undefined : goal,
    })),
  };
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

/** @param {number} size */
function entriesName(size) {
  return `${size.toLocaleString('en').replaceAll(',', ' ')} entries`;
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {Order} order
 * @returns {Promise<Done>}
 */
async function ask(child, order) {
  const answered = new AbortController();
  const { signal } = answered;
  child.send(order);
  const [answer] = await Promise.race([once(child, 'message', { signal }), once(child, 'exit', { signal })]);
  answered.abort();
  if (typeof answer !== 'object' || answer === null) throw new Error(`'${order.task}' failed; see above`);
  return answer;
}

/**
 * @param {URL} script
 * @param {readonly string[]} args
 */
function start(script, args) {
  return fork(fileURLToPath(script), args);
}
