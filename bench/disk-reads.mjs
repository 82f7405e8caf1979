// @ts-check
import { closeSync, mkdirSync, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HttpCache } from 'http-larder';
import { StreamingManager } from 'http-larder/disk';
import { gotCache } from 'http-larder/got';
import got from 'got';

/** The length of each body, in bytes. */
const size = 10 * 1024;

/** How many entries there are: more than the manager keeps in memory, so that taken in turn each is read from disk. */
const count = 1500;

/**
 * What the disk manager takes for a body of 10 KB, beside opening, reading and closing a file of that length.
 *
 * @param {{ origin: string, folder: string }} setting
 * @returns {Promise<import('./compare.mjs').Contender[]>}
 */
export async function diskReads({ origin, folder }) {
  const files = rawFiles(join(folder, 'raw'));
  const reused = Buffer.alloc(size);
  const manager = new StreamingManager({ path: join(folder, 'store') });
  const keys = await fill(manager, `${origin}/json/1`);
  let turn = 0;
  const next = () => (turn = (turn + 1) % count);

  return [
    {
      name: 'floor: open, read into a reused buffer, close',
      run() {
        const descriptor = openSync(files[next()] ?? '', 'r');
        const length = readSync(descriptor, reused, 0, size, 0);
        closeSync(descriptor);
        return length;
      },
    },
    { name: 'an entry that was read before', run: () => lookUp(manager, keys[0] ?? ''), goal: 3 },
    { name: 'an entry that is read from disk', run: () => lookUp(manager, keys[next()] ?? ''), goal: 3 },
  ];
}

/**
 * @param {StreamingManager} manager
 * @param {string} key
 */
function lookUp(manager, key) {
  const found = manager.getStream(key);
  if (found instanceof Promise) return found.then((stored) => mustBeWhole(stored));
  return mustBeWhole(found);
}

/** @param {import('http-larder').StoredResponse | undefined} stored */
function mustBeWhole(stored) {
  if (stored?.body?.length !== size) throw new Error('The manager did not find what it stored');
}

/** @param {string} folder */
function rawFiles(folder) {
  mkdirSync(folder);
  return Array.from({ length: count }, (_, index) => {
    const file = join(folder, String(index));
    writeFileSync(file, Buffer.alloc(size, 'x'));
    return file;
  });
}

/**
 * Stores bodies under keys of their own, with the head and policy that the cache makes for a response of the origin.
 *
 * @param {StreamingManager} manager
 * @param {string} url
 */
async function fill(manager, url) {
  const cache = new HttpCache({ manager });
  await got.extend(gotCache({ cache }))(url);
  await cache.idle();
  /** @type {string[]} */
  const keys = [];
  for await (const { head, policy } of cache.entries()) {
    for (let index = 0; index < count; index += 1) {
      const key = `${url}?${index}`;
      await manager.put(key, { ...head, body: Buffer.alloc(size, index) }, policy);
      keys.push(key);
    }
    break;
  }
  return keys;
}
