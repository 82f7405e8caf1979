// @ts-check
// Works on one store, in a process of its own, as its parent asks. Arguments: the folder, how many entries it has, head
// and policy in JSON.
import { StreamingManager } from 'http-larder/disk';
import { collectGarbage } from '../collect-garbage.mjs';
import { keyOf, limits } from './scaled-store.mjs';

/** @typedef {import('./scaled-store.mjs').Order} Order */

const [path = '', given = '', sample = ''] = process.argv.slice(2);
const entries = Number(given);
const { head, policy } = JSON.parse(sample);
const body = Buffer.alloc(1024, 'x');
let stored = entries;

/** So many entries are looked up again and again. */
const few = 100;

/** A prime number, so that steps of it meet each entry once before they meet one again. */
const stride = 7919;

/** @type {StreamingManager | undefined} */
let manager;
/** @type {StreamingManager | undefined} */
let full;

process.on('message', (/** @type {Order} */ order) => {
  work(order).then(
    (microseconds) => {
      collectGarbage();
      process.send?.({ microseconds, megabytesOfMemory: process.memoryUsage.rss() / 1e6 });
    },
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
  const run = await prepare(task);
  collectGarbage({ type: 'minor' });
  let spent = 0;
  for (let count = 0; count < times; count += 1) {
    const start = performance.now();
    const after = await run();
    spent += performance.now() - start;
    await after?.();
  }
  return (spent * 1000) / times;
}

/**
 * @param {Order['task']} task
 * @returns {Promise<() => Promise<void | (() => Promise<void>)>>} What does it once, and may give what is to be done outside of the time that is taken.
 */
async function prepare(task) {
  switch (task) {
    case 'hit, read before': {
      const used = (manager ??= new StreamingManager({ path, ...limits }));
      let count = 0;
      return async () => await lookUp(used, (count += 1) % few);
    }
    case 'hit, read from disk': {
      const used = new StreamingManager({ path, ...limits });
      let index = anyIndex();
      return async () => await lookUp(used, (index = (index + stride) % entries));
    }
    case 'put': {
      const used = (manager ??= new StreamingManager({ path, ...limits }));
      return async () => await putNew(used);
    }
    case 'put at the limit': {
      full ??= new StreamingManager({ path, ...limits, maxEntries: entries });
      const used = full;
      // What other tasks stored beyond the limit is to go first.
      await putNew(used);
      await used.stats();
      return async () => await putNew(used);
    }
    case 'first look-up':
      return async () => {
        const used = new StreamingManager({ path, ...limits });
        await lookUp(used, anyIndex());
        return async () => await used.close();
      };
    case 'first put':
      return async () => {
        const used = new StreamingManager({ path, ...limits });
        await putNew(used);
        return async () => await used.close();
      };
    default:
      throw new Error(`No such task: ${String(task)}`);
  }
}

function anyIndex() {
  return Math.floor(Math.random() * entries);
}

/**
 * @param {StreamingManager} used
 * @param {number} index
 */
async function lookUp(used, index) {
  const found = used.getStream(keyOf(index));
  // At once where it is at hand, as the cache itself does.
  const stored = found instanceof Promise ? await found : found;
  if (stored?.size !== body.length) throw new Error(`Entry ${index} is not there`);
  stored.release();
}

/** @param {StreamingManager} used */
async function putNew(used) {
  stored += 1;
  await used.put(keyOf(stored), { ...head, body }, policy);
}
