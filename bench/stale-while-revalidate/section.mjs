// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';
import { askedOfOrigin } from '../asked-of-origin.mjs';
import { makeAskers } from '../askers.mjs';
import { spread } from '../statistics.mjs';

/** @typedef {import('../askers.mjs').Asker} Asker */
/** @typedef {{ milliseconds: number, requests: number }} Measured */

/** How many ask at once. */
const atOnce = 100;

/** The response is fresh for a second. */
const untilStaleMs = 1200;

/** The origin takes 80 ms. */
const untilAnsweredMs = 200;

/** How often each has answered before, so that its code is compiled. */
const warmUp = 200;

/** The most that a stale hit may take, in milliseconds. */
const goal = 2;

/** @type {import('../sections.mjs').Section} */
export const staleWhileRevalidate = {
  name: 'stale-while-revalidate',
  about: 'how long a stale response takes that may answer while it is validated, and how often it is',
  async *run({ origin, folder, quick }) {
    yield* await folder(async (path) => {
      const askers = makeAskers(path);
      for (const { ask } of askers) {
        for (let count = 0; count < warmUp; count += 1) await ask(`${origin}/json/1`);
      }
      const rounds = quick ? 3 : 7;
      const alone = await measure(askers, { origin, rounds, times: 1 });
      const together = await measure(askers, { origin, rounds, times: atOnce });
      return [latency(alone), refreshes(together)];
    });
  },
};

/**
 * Lets all askers have a stale response, and then asks each of them in turn.
 *
 * @param {readonly Asker[]} askers
 * @param {{ origin: string, rounds: number, times: number }} effort
 */
async function measure(askers, { origin, rounds, times }) {
  const url = `${origin}/brief/1?${times}`;
  /** @type {Map<Asker, Measured[]>} */
  const measured = new Map(askers.map((asker) => [asker, []]));
  for (const { ask } of askers) await ask(url);
  for (let round = 0; round < rounds; round += 1) {
    await sleep(untilStaleMs);
    for (const [{ ask }, taken] of measured) {
      const before = await askedOfOrigin(origin);
      const start = performance.now();
      await Promise.all(Array.from({ length: times }, () => ask(url)));
      const milliseconds = performance.now() - start;
      await sleep(untilAnsweredMs);
      taken.push({ milliseconds, requests: (await askedOfOrigin(origin)) - before });
    }
  }
  return measured;
}

/**
 * @param {ReadonlyMap<Asker, readonly Measured[]>} measured
 * @returns {import('../result.mjs').Comparison}
 */
function latency(measured) {
  return {
    id: 'stale-while-revalidate-latency',
    title: 'A stale response, the origin taking 80 ms',
    unit: 'ms',
    better: 'less',
    // One answer is timed, not hundreds: what the guard is to see is one that waits for the origin.
    noise: 1,
    rows: besideAlone(
      measured,
      rowsOf(measured, ({ milliseconds }) => milliseconds, goal),
    ),
  };
}

/**
 * @param {ReadonlyMap<Asker, readonly Measured[]>} measured
 * @returns {import('../result.mjs').Comparison}
 */
function refreshes(measured) {
  return {
    id: 'stale-while-revalidate-requests',
    title: `A stale response for ${atOnce} at once: what the origin is asked`,
    unit: 'requests',
    better: 'less',
    rows: rowsOf(measured, ({ requests }) => requests, 1),
  };
}

/**
 * @param {ReadonlyMap<Asker, readonly Measured[]>} measured
 * @param {(one: Measured) => number} figure
 * @param {number} ours The goal of our cache.
 */
function rowsOf(measured, figure, ours) {
  return [...measured].map(([{ id, name, cache, peer }, taken]) => ({
    id,
    name,
    value: spread(taken.map(figure)),
    goal: cache && ours,
    peer,
  }));
}

/**
 * The rows, each with what it is beside its client without a cache, where there is one.
 *
 * @param {ReadonlyMap<Asker, readonly Measured[]>} measured
 * @param {readonly import('../result.mjs').Row[]} rows
 */
function besideAlone(measured, rows) {
  return [...measured].map(([{ id, client }, taken]) => {
    const row = rows.find((one) => one.id === id);
    if (row === undefined) throw new Error(`There is no row of '${id}'`);
    const alone = [...measured].find(([asker]) => asker.id === `${client}-alone`)?.[1];
    if (alone === undefined) return row;
    const ratios = taken.map(({ milliseconds }, round) => milliseconds / (alone[round]?.milliseconds ?? NaN));
    return { ...row, beside: spread(ratios) };
  });
}
