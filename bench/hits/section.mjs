// @ts-check
import { askProcess } from '../ask-process.mjs';
import { comparisonOf } from '../compare.mjs';
import { scenarios } from './scenarios.mjs';

/** @typedef {import('../take-turns.mjs').Turns} Turns */

const script = new URL('process.mjs', import.meta.url);

/**
 * How many processes one after the other take the turns of a comparison: what is decided once in a process, by the compiler
 * and the garbage collector, makes one client up to twice as fast as it is in the next process.
 */
const processes = 3;

/** @type {import('../sections.mjs').Section} */
export const hits = {
  name: 'hits',
  about: 'what a hit costs in axios and got, in memory and on disk',
  async *run({ origin, folder, effort, quick }) {
    const shares = quick ? 1 : processes;
    const share = { ...effort, rounds: effort.rounds / shares };
    for (const client of /** @type {const} */ (['axios', 'got'])) {
      for (const { id, title } of scenarios) {
        /** @type {Turns[][]} */
        const taken = [];
        for (let count = 0; count < shares; count += 1) {
          /** @type {(path: string) => Promise<Turns[]>} */
          const ask = (path) => askProcess(script, { client, id, origin, folder: path, effort: share });
          taken.push(await folder(ask));
        }
        yield comparisonOf(
          { id: `${client}-hit-${id}`, title: `${client}, a hit: ${title}` },
          together(taken),
        );
      }
    }
  },
};

/**
 * The turns of several processes as if one had taken them.
 *
 * @param {readonly Turns[][]} shares
 * @returns {Turns[]}
 */
function together(shares) {
  const [first = []] = shares;
  return first.map((turns, index) => ({
    ...turns,
    taken: shares.flatMap((share) => share[index]?.taken ?? []),
  }));
}
