// @ts-check
import { closeSync, mkdirSync, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import cacache from 'cacache';
import { StreamingManager } from 'http-larder/disk';
import { storedSample } from '../stored-sample.mjs';

/** The length of each body, in bytes. */
const size = 10 * 1024;

/** How many entries there are: more than the manager keeps in memory, so that taken in turn each is read from disk. */
const count = 1500;

/**
 * What the disk manager takes for a body of 10 KB, beside opening, reading and closing a file of that length.
 *
 * @param {{ origin: string, folder: string }} setting
 * @returns {Promise<import('../compare.mjs').Contender[]>}
 */
export async function diskLookUps({ origin, folder }) {
  const files = rawFiles(join(folder, 'raw'));
  const reused = Buffer.alloc(size);
  const { head, policy } = await storedSample({ origin, folder });
  const manager = new StreamingManager({ path: join(folder, 'store') });
  const keys = Array.from({ length: count }, (_, index) => `${origin}/json/1?${index}`);
  const other = join(folder, 'cacache');
  for (const [index, key] of keys.entries()) {
    const body = Buffer.alloc(size, index);
    await manager.put(key, { ...head, body }, policy);
    await cacache.put(other, key, body, { metadata: { head, policy } });
  }
  const [nextFile, nextKey, nextMissing, nextOther] = [
    inTurn(files),
    inTurn(keys),
    inTurn(keys),
    inTurn(keys),
  ];

  return [
    {
      id: 'floor',
      name: 'floor: open, read into a reused buffer, close',
      run() {
        const descriptor = openSync(nextFile(), 'r');
        const length = readSync(descriptor, reused, 0, size, 0);
        closeSync(descriptor);
        return length;
      },
    },
    {
      id: 'read-before',
      name: 'an entry that was read before',
      run: () => lookUp(manager, keys[0] ?? ''),
      goal: 3,
    },
    {
      id: 'read-from-disk',
      name: 'an entry that is read from disk',
      run: () => lookUp(manager, nextKey()),
      goal: 3,
    },
    { id: 'none', name: 'no entry', run: () => manager.getStream(`${nextMissing()}&none`) },
    {
      id: 'cacache',
      name: 'cacache.get',
      run: async () => await cacache.get(other, nextOther()),
      peer: true,
    },
  ];
}

/**
 * Gives one after the other, again and again. Who takes from it alone gets each of them before one comes again.
 *
 * @param {readonly string[]} texts
 */
function inTurn(texts) {
  let turn = 0;
  return () => texts[(turn = (turn + 1) % texts.length)] ?? '';
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
