// @ts-check
// Takes turns at all scenarios of a client, in a process of its own. Tells the parent.
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { takeTurns } from '../take-turns.mjs';
import { axiosWays } from './axios-hits.mjs';
import { contentOf } from './content.mjs';
import { gotWays } from './got-hits.mjs';
import { knownResponse } from './known-response.mjs';
import { otherWays } from './other-ways.mjs';
import { scenarios } from './scenarios.mjs';
import { contendersOf } from './ways.mjs';

/** @typedef {import('./scenarios.mjs').Scenario} Scenario */
/** @typedef {import('../take-turns.mjs').Turns} Turns */

/**
 * @typedef {object} Question
 * @property {'axios' | 'got'} client
 * @property {string} origin
 * @property {string} folder
 * @property {{ rounds: number, turnMs: number }} effort
 */

/** For how many turns a contender runs first: few, as most of what it runs is warm from others. */
const warmUp = 6;

process.once('disconnect', () => process.exit());
const [question] = await once(process, 'message');
process.send?.(await answer(question), () => process.exit());

/**
 * @param {Question} question
 * @returns {Promise<Turns[][]>} Of each scenario.
 */
async function answer(question) {
  const [first] = scenarios;
  // What is not compiled yet takes several times as long: one round of all this does not count.
  if (first !== undefined) await measure(first, question, 'warm-up');
  const answers = [];
  for (const scenario of scenarios) answers.push(await measure(scenario, question, scenario.id));
  return answers;
}

/**
 * @param {Scenario} scenario
 * @param {Question} question
 * @param {string} name Of a folder for it.
 */
async function measure(scenario, { client, origin, folder, effort }, name) {
  const path = join(folder, name);
  await mkdir(path);
  const url = `${origin}${scenario.path}`;
  const known = await knownResponse({ origin, folder: path }, scenario);
  const waysOf = { axios: axiosWays, got: gotWays }[client];
  const ways = [
    ...waysOf(scenario, { url, folder: join(path, 'ours'), known }),
    ...otherWays(scenario, { url, folder: join(path, 'other') }),
  ];
  const contenders = await contendersOf(ways, scenario, contentOf(scenario, known));
  return await takeTurns(contenders, { ...effort, warmUp });
}
