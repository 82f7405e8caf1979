// @ts-check
import { join } from 'node:path';
import { CacacheManager } from 'http-larder/cacache';
import { StreamingManager } from 'http-larder/disk';
import { MemoryManager } from 'http-larder/memory';
import { compare } from '../compare.mjs';
import { storedSample } from '../stored-sample.mjs';
import { contentsOf } from './contents.mjs';
import { managerOperations, streamingOperations } from './operations.mjs';
import { cacacheOperations, fileOperations, tableOperations } from './raw-operations.mjs';

/** @typedef {import('./contents.mjs').Contents} Contents */
/** @typedef {import('./operations.mjs').Operations} Operations */

const tasks = /** @type {const} */ ({
  getStream: { id: 'look-up', title: 'a look-up as for streaming' },
  get: { id: 'get', title: 'get' },
  put: { id: 'put', title: 'put in place of an entry' },
  update: { id: 'update', title: 'updateMetadata' },
  putAndDelete: { id: 'put-and-delete', title: 'put and delete' },
});

/** What depends on how long the body is. */
const byLength = /** @type {readonly (keyof typeof tasks)[]} */ (['get', 'put']);

/** @type {import('../sections.mjs').Section} */
export const managers = {
  name: 'managers',
  about: 'get, put, update and delete of each manager alone',
  async *run({ origin, folder, effort }) {
    for (const kilobytes of [1, 10]) {
      for (const [store, make] of Object.entries({ memory: inMemory, disk: onDisk })) {
        yield* await folder(async (path) => {
          const contents = contentsOf(await storedSample({ origin, folder: path }), kilobytes);
          const stores = await make(contents, path);
          const comparisons = [];
          for (const [task, { id, title }] of entries(tasks)) {
            if (kilobytes > 1 && !byLength.includes(task)) continue;
            const what = {
              id: `manager-${store}-${id}-${kilobytes}-kb`,
              title: `Managers, ${store}: ${title}, ${kilobytes} KB`,
            };
            const rounds = Math.ceil(effort.rounds / 2);
            const by = store === 'disk' ? 'elapsed' : 'processor';
            comparisons.push(await compare(what, contendersOf(stores, task), { ...effort, rounds, by }));
          }
          return comparisons;
        });
      }
    }
  },
};

/** @param {Contents} contents */
async function inMemory(contents) {
  return [
    tableOperations(contents),
    await streamingOperations({ id: 'memory', name: 'memory manager' }, new MemoryManager(), contents),
  ];
}

/**
 * @param {Contents} contents
 * @param {string} folder
 */
async function onDisk(contents, folder) {
  const ours = new StreamingManager({ path: join(folder, 'disk') });
  const worked = new CacacheManager({ path: join(folder, 'cacache-manager') });
  return [
    await fileOperations(contents, join(folder, 'files')),
    await streamingOperations({ id: 'disk', name: 'disk manager' }, ours, contents),
    await managerOperations({ id: 'cacache-manager', name: 'cacache manager' }, worked, contents),
    await cacacheOperations(contents, join(folder, 'cacache')),
  ];
}

/**
 * @param {readonly Operations[]} stores
 * @param {keyof typeof tasks} task
 */
function contendersOf(stores, task) {
  return stores.flatMap(({ id, name, peer, [task]: run }) =>
    run === undefined ? [] : [{ id, name, peer, run }],
  );
}

/**
 * @template {string} K
 * @template V
 * @param {Readonly<Record<K, V>>} record
 * @returns {[K, V][]}
 */
function entries(record) {
  return /** @type {[K, V][]} */ (Object.entries(record));
}
