// @ts-check
// A memory manager with as many small entries as it may have, in a process of its own. Arguments: how many, head and policy
// in JSON. It does what its parent asks for, and tells how long one of them took.
import { MemoryManager } from 'http-larder/memory';
import { collectGarbage } from '../collect-garbage.mjs';

/** @typedef {'get' | 'get from a Map, for scale' | 'put in place of an entry' | 'put that evicts an entry'} Task */
/** @typedef {{ task: Task, times: number }} Order */
/** @typedef {{ microseconds: number, kilobytesOfMemory: number }} Done */

const [given = '', sample = ''] = process.argv.slice(2);
const entries = Number(given);
const { head, policy } = JSON.parse(sample);
const response = { ...head, body: Buffer.alloc(100, 'x') };

/** A prime number, so that steps of it meet each entry once before they meet one again. */
const stride = 7919;

const before = memory();
const manager = new MemoryManager({ maxEntries: entries, maxSize: 2 ** 40 });
let added = 0;
let step = 0;
while (added < entries) await putNew();
const kilobytesOfMemory = (memory() - before) / entries / 1000;

/** The same, without limits and all else. @type {Map<string, { head: object, body: Buffer }> | undefined} */
let table;

process.on('message', (/** @type {Order} */ order) => {
  work(order).then(
    (microseconds) => process.send?.({ microseconds, kilobytesOfMemory }),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.once('disconnect', () => process.exit());

/**
 * @param {Order} order
 * @returns {Promise<number>} Microseconds that one of them took.
 */
async function work({ task, times }) {
  if (task === 'get from a Map, for scale') table ??= filledTable();
  collectGarbage({ type: 'minor' });
  const start = performance.now();
  for (let count = 0; count < times; count += 1) await run(task);
  return ((performance.now() - start) * 1000) / times;
}

/** @param {Task} task */
async function run(task) {
  switch (task) {
    case 'get':
      if ((await manager.get(anyKey())) === undefined) throw new Error('An entry is lost');
      return;
    case 'get from a Map, for scale': {
      const entry = table?.get(anyKey());
      if (entry === undefined) throw new Error('An entry is lost');
      await Promise.resolve({ ...entry, body: Buffer.from(entry.body) });
      return;
    }
    case 'put in place of an entry':
      await manager.put(anyKey(), response, policy);
      return;
    case 'put that evicts an entry':
      await putNew();
      return;
    default:
      throw new Error(`No such task: ${String(task)}`);
  }
}

function filledTable() {
  const numbers = Array.from({ length: entries }, (_, index) => index);
  return new Map(
    numbers.map((number) => [keyOf(number), { head: { ...head }, body: Buffer.alloc(100, 'x') }]),
  );
}

async function putNew() {
  await manager.put(keyOf(added), response, policy);
  added += 1;
}

/** The key of one entry after the other, far from the last. */
function anyKey() {
  step = (step + stride) % entries;
  return keyOf(added - entries + step);
}

/** @param {number} number */
function keyOf(number) {
  return `https://api.example.org/v1/items/${number}`;
}

/** Bytes in use, garbage left out. */
function memory() {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
