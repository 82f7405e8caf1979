// @ts-check
import { collectGarbage } from './collect-garbage.mjs';

/** @typedef {import('./compare.mjs').Contender} Contender */

/** What one run takes in microseconds, by the clock and of the processors. @typedef {{ elapsed: number, processor: number }} Time */

/** A contender and what it took, round by round. @typedef {Omit<Contender, 'run'> & { taken: Time[] }} Turns */

/**
 * Times contenders in turn, once all of them are warm.
 *
 * @param {readonly Contender[]} contenders
 * @param {Omit<import('./compare.mjs').Effort, 'by'>} effort
 * @returns {Promise<Turns[]>}
 */
export async function takeTurns(contenders, { rounds, turnMs, warmUp = 20 }) {
  const turns = [];
  for (const { run, ...contender } of contenders) {
    turns.push({
      contender,
      run,
      runs: await runsFor(run, { turnMs, warmUp }),
      taken: /** @type {Time[]} */ ([]),
    });
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const { run, runs, taken } of turns) taken.push(await timeRuns(run, runs));
  }
  return turns.map(({ contender, taken }) => ({ ...contender, taken }));
}

/**
 * How many runs fill a turn, once the contender has run for some turns to get warm.
 *
 * @param {Contender['run']} run
 * @param {{ turnMs: number, warmUp: number }} effort
 */
async function runsFor(run, { turnMs, warmUp }) {
  let runs = 10;
  for (let spentMs = 0; spentMs < warmUp * turnMs;) {
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
