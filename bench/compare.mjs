// @ts-check
import { collectGarbage } from './collect-garbage.mjs';
import { spread } from './statistics.mjs';

/**
 * One way of doing what is measured. The first of a comparison is the floor.
 *
 * @typedef {object} Contender
 * @property {string} id Words with hyphens between them, that no other contender of the comparison has.
 * @property {string} name
 * @property {() => unknown} run Does it once; what it promises is waited for.
 * @property {number | undefined} [goal] The most that it may take, in times of the floor.
 * @property {boolean | undefined} [peer] Whether this is another cache.
 */

/**
 * @typedef {object} Effort
 * @property {number} rounds How many times each contender's turn comes.
 * @property {number} turnMs How much processor time a turn takes, in milliseconds: enough for garbage to be collected in it.
 * @property {'processor' | 'elapsed'} [by] What ratios are of: processor time, where it is left out, which does not count
 * the waiting for a processor; or time by the clock, which counts the waiting for a disk too.
 */

/** What one run takes in microseconds, by the clock and of the processors. @typedef {{ elapsed: number, processor: number }} Time */

/**
 * Times contenders in turn, so that what else happens on the machine happens to all of them. Ratios are those of
 * neighbouring turns.
 *
 * @param {{ id: string, title: string }} what
 * @param {readonly Contender[]} contenders
 * @param {Effort} effort
 * @returns {Promise<import('./result.mjs').Comparison>}
 */
export async function compare({ id, title }, contenders, { rounds, turnMs, by = 'processor' }) {
  /** @type {Map<Contender, { runs: number, taken: Time[] }>} */
  const turns = new Map();
  for (const contender of contenders) {
    turns.set(contender, { runs: await runsFor(contender, turnMs), taken: [] });
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const [{ run }, { runs, taken }] of turns) taken.push(await timeRuns(run, runs));
  }
  const floor = turns.values().next().value?.taken ?? [];
  return {
    id,
    title,
    unit: 'us',
    better: 'less',
    rows: [...turns].map(([{ id: contenderId, name, goal, peer }, { taken }]) => ({
      id: contenderId,
      name,
      value: spread(taken.map((time) => time.elapsed)),
      ratio: spread(taken.map((time, round) => time[by] / (floor[round]?.[by] ?? NaN))),
      goal,
      peer,
    })),
  };
}

/**
 * How many runs fill a turn, once the contender has run for five turns to get warm.
 *
 * @param {Contender} contender
 * @param {number} turnMs
 */
async function runsFor({ run }, turnMs) {
  let runs = 10;
  for (let spentMs = 0; spentMs < 5 * turnMs;) {
    const { processor } = await timeRuns(run, runs);
    spentMs += (processor * runs) / 1000;
    runs = Math.max(1, Math.round((turnMs * 1000) / processor));
  }
  return runs;
}

/**
 * Times one run, as the mean of many.
 *
 * @param {() => unknown} run
 * @param {number} runs
 * @returns {Promise<Time>}
 */
async function timeRuns(run, runs) {
  // Nobody is to pay for what another one left. A full collection would throw away compiled code too.
  collectGarbage({ type: 'minor' });
  const used = process.cpuUsage();
  const start = performance.now();
  for (let count = 0; count < runs; count += 1) {
    const result = run();
    if (result instanceof Promise) await result;
  }
  const elapsed = (performance.now() - start) * 1000;
  const { user, system } = process.cpuUsage(used);
  return { elapsed: elapsed / runs, processor: (user + system) / runs };
}
