// @ts-check
import { askedOfOrigin } from '../asked-of-origin.mjs';
import { makeAskers } from '../askers.mjs';
import { spread } from '../statistics.mjs';

/** @typedef {import('../askers.mjs').Asker} Asker */
/** @typedef {{ milliseconds: number, requests: number }} Measured */

/** How often each has answered before, so that its code is compiled. */
const warmUp = 200;

/** @type {import('../sections.mjs').Section} */
export const collapsing = {
  name: 'collapsing',
  about: '10 and 1000 misses of one response at once',
  async *run({ origin, folder, quick }) {
    yield* await folder(async (path) => {
      const askers = makeAskers(path);
      for (const { ask } of askers) {
        for (let count = 0; count < warmUp; count += 1) await ask(`${origin}/json/1?${count % 2}`);
      }
      const comparisons = [];
      for (const atOnce of [10, 1000]) {
        const measured = await measure(askers, { origin, atOnce, rounds: quick ? 2 : 7 });
        comparisons.push(...comparisonsOf(measured, atOnce));
      }
      return comparisons;
    });
  },
};

/**
 * Lets each in turn ask so many times at once for what nobody asked for before.
 *
 * @param {readonly Asker[]} askers
 * @param {{ origin: string, atOnce: number, rounds: number }} effort
 */
async function measure(askers, { origin, atOnce, rounds }) {
  /** @type {Map<Asker, Measured[]>} */
  const measured = new Map(askers.map((asker) => [asker, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [{ ask }, taken] of measured) {
      const url = `${origin}/slow/1?${atOnce}.${round}`;
      const before = await askedOfOrigin(origin);
      const start = performance.now();
      await Promise.all(Array.from({ length: atOnce }, () => ask(url)));
      const milliseconds = performance.now() - start;
      const requests = (await askedOfOrigin(origin)) - before;
      // The first round opens connections.
      if (round > 0) taken.push({ milliseconds, requests });
    }
  }
  return measured;
}

/**
 * @param {ReadonlyMap<Asker, readonly Measured[]>} measured
 * @param {number} atOnce
 * @returns {import('../result.mjs').Comparison[]}
 */
function comparisonsOf(measured, atOnce) {
  const misses = `${atOnce} misses at once, the origin taking 50 ms`;
  const rows = [...measured];
  return [
    {
      id: `collapsing-${atOnce}-requests`,
      title: `${misses}: what it is asked`,
      unit: 'requests',
      better: 'less',
      rows: rows.map(([{ id, name, cache, peer }, taken]) => ({
        id,
        name,
        value: spread(taken.map(({ requests }) => requests)),
        goal: cache && 1,
        peer,
      })),
    },
    {
      id: `collapsing-${atOnce}-time`,
      title: `${misses}: time of all`,
      unit: 'ms',
      better: 'less',
      rows: rows.map(([{ id, name, client, peer }, taken]) => ({
        id,
        name,
        value: spread(taken.map(({ milliseconds }) => milliseconds)),
        ...ratioToClient(rows, client, taken),
        peer,
      })),
    },
  ];
}

/**
 * Times of the same client without a cache, where there is one.
 *
 * @param {readonly (readonly [Asker, readonly Measured[]])[]} rows
 * @param {Asker['client']} client
 * @param {readonly Measured[]} taken
 */
function ratioToClient(rows, client, taken) {
  const alone = rows.find(([asker]) => asker.client === client && !asker.cache && !asker.peer)?.[1];
  if (alone === undefined) return {};
  return {
    ratio: spread(taken.map(({ milliseconds }, round) => milliseconds / (alone[round]?.milliseconds ?? NaN))),
  };
}
