// @ts-check
import { mkdirSync, readFileSync } from 'node:fs';
import { rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import cacache from 'cacache';
import { LRUCache } from 'lru-cache';
import { count, inTurn } from './contents.mjs';

/** @typedef {import('./contents.mjs').Contents} Contents */
/** @typedef {import('./operations.mjs').Operations} Operations */

/**
 * The least: a table with the limits of the memory manager, and a body of his own for each caller.
 *
 * @param {Contents} contents
 * @returns {Operations}
 */
export function tableOperations({ keys, response, policy }) {
  /** @type {LRUCache<string, import('http-larder').CacheEntry>} */
  const table = new LRUCache({ maxSize: 64 * 2 ** 20, max: 10_000 });
  const size = response.body.length;
  const put = (/** @type {string} */ key) =>
    table.set(key, { response: { ...response, body: Buffer.from(response.body) }, policy }, { size });
  for (const key of keys) put(key);
  const [nextGet, nextPut] = [inTurn(keys), inTurn(keys)];
  const get = () => table.get(nextGet());
  return {
    id: 'floor',
    name: 'floor: lru-cache and copied bodies',
    get() {
      const entry = get();
      return entry && { ...entry, response: { ...entry.response, body: Buffer.from(entry.response.body) } };
    },
    getStream: get,
    put: () => put(nextPut()),
    update: () => put(keys[0] ?? ''),
    putAndDelete() {
      put('passing');
      table.delete('passing');
    },
  };
}

/**
 * The least on disk: a file for each body, which is replaced by renaming another over it.
 *
 * @param {Contents} contents
 * @param {string} folder
 * @returns {Promise<Operations>}
 */
export async function fileOperations({ response: { body } }, folder) {
  mkdirSync(folder);
  const files = Array.from({ length: count }, (_, index) => join(folder, String(index)));
  const put = async (/** @type {string} */ file) => {
    await writeFile(`${file}.tmp`, body, { flag: 'wx' });
    await rename(`${file}.tmp`, file);
  };
  for (const file of files) await put(file);
  const [nextGet, nextPut] = [inTurn(files), inTurn(files)];
  const passing = join(folder, 'passing');
  return {
    id: 'floor',
    name: 'floor: a file, replaced by rename',
    get: () => readFileSync(nextGet()),
    getStream: () => readFileSync(nextGet()),
    put: async () => await put(nextPut()),
    update: async () => await put(nextPut()),
    async putAndDelete() {
      await put(passing);
      await unlink(passing);
    },
  };
}

/**
 * npm's cacache as it is.
 *
 * @param {Contents} contents
 * @param {string} folder
 * @returns {Promise<Operations>}
 */
export async function cacacheOperations({ keys, response, policy }, folder) {
  const { body, ...head } = response;
  const put = async (/** @type {string} */ key) =>
    await cacache.put(folder, key, body, { metadata: { head, policy } });
  for (const key of keys) await put(key);
  const [nextGet, nextPut] = [inTurn(keys), inTurn(keys)];
  return {
    id: 'cacache',
    name: 'cacache itself',
    peer: true,
    // What it read before it keeps in memory, unless told.
    get: async () => await cacache.get(folder, nextGet(), { memoize: false }),
    put: async () => await put(nextPut()),
    async putAndDelete() {
      await put('passing');
      await cacache.rm.entry(folder, 'passing');
    },
  };
}
