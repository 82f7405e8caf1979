// @ts-check
import { inTurn } from './contents.mjs';

/** @typedef {import('./contents.mjs').Contents} Contents */

/**
 * What is done with a store.
 *
 * @typedef {object} Operations
 * @property {string} id
 * @property {string} name
 * @property {boolean} [peer] Whether it is another cache.
 * @property {() => unknown} get One entry after the other, with its body.
 * @property {() => unknown} [getStream] The same, where there is a way for those who stream bodies.
 * @property {() => unknown} put One entry after the other, once more.
 * @property {() => unknown} [update] Head and policy of an entry.
 * @property {() => unknown} putAndDelete An entry that is not there.
 */

/**
 * What is done with one of our managers.
 *
 * @param {{ id: string, name: string }} what
 * @param {import('http-larder').CacheManager} manager
 * @param {Contents} contents
 * @returns {Promise<Operations>}
 */
export async function managerOperations({ id, name }, manager, { keys, response, policy }) {
  for (const key of keys) await manager.put(key, response, policy);
  const [nextGet, nextPut] = [inTurn(keys), inTurn(keys)];
  const passing = `${response.url}?passing`;
  return {
    id,
    name,
    async get() {
      const entry = await manager.get(nextGet());
      if (entry?.response.body.length !== response.body.length) throw new Error(`${name} lost an entry`);
    },
    put: async () => await manager.put(nextPut(), response, policy),
    async putAndDelete() {
      await manager.put(passing, response, policy);
      await manager.delete(passing);
    },
  };
}

/**
 * What is done with one of our managers that streams.
 *
 * @param {{ id: string, name: string }} what
 * @param {import('http-larder').StreamingCacheManager} manager
 * @param {Contents} contents
 * @returns {Promise<Operations>}
 */
export async function streamingOperations(what, manager, contents) {
  const plain = await managerOperations(what, manager, contents);
  const { keys, response, policy } = contents;
  const { body: _body, ...head } = response;
  const nextKey = inTurn(keys);
  const updated = `${response.url}?updated`;
  await manager.put(updated, response, policy);
  const stored = await manager.getStream(updated);
  stored?.release();
  let token = stored?.token ?? '';
  return {
    ...plain,
    getStream() {
      const found = manager.getStream(nextKey());
      return found instanceof Promise ? found.then(letGo) : letGo(found);
    },
    async update() {
      token = (await manager.updateMetadata(updated, token, head, policy)) ?? '';
      if (token === '') throw new Error(`${what.name} did not update its entry`);
    },
  };
}

/** @param {import('http-larder').StoredResponse | undefined} stored */
function letGo(stored) {
  if (stored === undefined) throw new Error('An entry is lost');
  stored.release();
}
