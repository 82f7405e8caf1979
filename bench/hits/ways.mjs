// @ts-check
import { isDeepStrictEqual } from 'node:util';

/**
 * One way of having a scenario's request answered.
 *
 * @typedef {object} Way
 * @property {string} id
 * @property {string} name
 * @property {number} [goal] The most that it may take, in times of the floor.
 * @property {boolean} [peer]
 * @property {() => Promise<any>} ask
 * @property {(reply: any) => Answer} read
 * @property {string} [outcome] What our cache is to say of a reply.
 * @property {boolean} [uncached] Whether each answer is to come from the origin.
 */

/**
 * @typedef {object} Answer
 * @property {unknown} served Which of its answers the origin said this is.
 * @property {unknown} content What the caller got: a parsed document, bytes, the length of a stream.
 * @property {string} [outcome] What our cache said of it.
 */

/**
 * Makes contenders of ways, each of which is proved to give what the origin has, and to have it from where it should.
 *
 * @param {readonly Way[]} ways
 * @param {{ atOnce?: number | undefined }} scenario
 * @param {unknown} content What each is to give.
 * @returns {Promise<import('../compare.mjs').Contender[]>}
 */
export async function contendersOf(ways, { atOnce }, content) {
  for (const way of ways) await prove(way, content);
  return ways.map(({ id, name, goal, peer, ask }) => {
    const run = atOnce === undefined ? ask : () => Promise.all(Array.from({ length: atOnce }, ask));
    return { id, name, goal, peer, run };
  });
}

/**
 * What a hit is called. The disk store keeps small entries in memory that it has read, and looks whether the file is the same.
 *
 * @param {import('./scenarios.mjs').Scenario} scenario
 * @param {'memory' | 'disk'} store
 */
export function hitName({ fromFile }, store) {
  return `hit, ${store}${store === 'disk' && !fromFile ? ', read before' : ''}`;
}

/**
 * @param {Way} way
 * @param {unknown} content
 */
async function prove({ name, ask, read, outcome, uncached = false }, content) {
  // Some learn from the first answer what the key of the next is.
  await ask();
  const first = read(await ask());
  const second = read(await ask());
  for (const answer of [first, second]) {
    if (!isDeepStrictEqual(answer.content, content)) throw new Error(`'${name}' gives another content`);
  }
  if ((first.served !== second.served) !== uncached) {
    throw new Error(`'${name}' ${uncached ? 'does not ask' : 'asks'} the origin`);
  }
  if (second.outcome !== outcome) throw new Error(`'${name}' is a ${second.outcome}, not a ${outcome}`);
}
