// @ts-check
import { makeAskers } from '../askers.mjs';
import { compare } from '../compare.mjs';

/** @type {import('../sections.mjs').Section} */
export const misses = {
  name: 'misses',
  about: 'what a miss costs in axios and got beside a request without a cache',
  async *run({ origin, folder, effort }) {
    for (const client of /** @type {const} */ (['axios', 'got'])) {
      for (const kilobytes of [1, 10]) {
        yield await folder(async (path) => {
          const contenders = makeAskers(path)
            // Caches of other clients are there for scale, once.
            .filter((asker) => asker.client === client || asker.client === 'other')
            .map((asker) => contenderOf(asker, `${origin}/json/${kilobytes}`));
          const what = {
            id: `${client}-miss-${kilobytes}-kb`,
            title: `${client}, a miss: ${kilobytes} KB of JSON`,
          };
          return await compare(what, contenders, { ...effort, rounds: Math.ceil(effort.rounds / 2) });
        });
      }
    }
  },
};

/**
 * Asks for something else each time, and waits until it is stored.
 *
 * @param {import('../askers.mjs').Asker} asker
 * @param {string} url
 * @returns {import('../compare.mjs').Contender}
 */
function contenderOf({ id, name, ask, cache, peer }, url) {
  let count = 0;
  return {
    id,
    name,
    peer,
    async run() {
      count += 1;
      await ask(`${url}?${count}`);
      await cache?.idle();
    },
  };
}
