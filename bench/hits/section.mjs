// @ts-check
import { askProcess } from '../ask-process.mjs';
import { comparisonOf } from '../compare.mjs';
import { scenarios } from './scenarios.mjs';

/** @typedef {import('../take-turns.mjs').Turns} Turns */

const script = new URL('process.mjs', import.meta.url);

/**
 * How many processes take the turns of a client, one after the other: what the compiler and the garbage collector decide once
 * in a process can make a client half as fast in it as in the next.
 */
const processes = 3;

/** @type {import('../sections.mjs').Section} */
export const hits = {
  name: 'hits',
  about: 'what a hit costs in axios and got, in memory and on disk',
  async *run({ origin, folder, effort, quick }) {
    const shares = quick ? 1 : processes;
    const share = { ...effort, rounds: Math.ceil(effort.rounds / shares) };
    for (const client of /** @type {const} */ (['axios', 'got'])) {
      /** @type {Turns[][][]} Of each process, of each scenario. */
      const taken = [];
      for (let count = 0; count < shares; count += 1) {
        /** @type {(path: string) => Promise<Turns[][]>} */
        const ask = (path) => askProcess(script, { client, origin, folder: path, effort: share });
        taken.push(await folder(ask));
      }
      for (const [index, { id, title }] of scenarios.entries()) {
        const turns = together(taken.map((answers) => answers[index] ?? []));
        yield comparisonOf({ id: `${client}-hit-${id}`, title: `${client}, a hit: ${title}` }, turns);
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
