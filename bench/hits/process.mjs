// @ts-check
// Takes turns at one scenario, in a process of its own. Tells the parent.
import { once } from 'node:events';
import { join } from 'node:path';
import { takeTurns } from '../take-turns.mjs';
import { axiosWays } from './axios-hits.mjs';
import { contentOf } from './content.mjs';
import { gotWays } from './got-hits.mjs';
import { knownResponse } from './known-response.mjs';
import { otherWays } from './other-ways.mjs';
import { scenarios } from './scenarios.mjs';
import { contendersOf } from './ways.mjs';

/**
 * @typedef {object} Question
 * @property {'axios' | 'got'} client
 * @property {string} id Of the scenario.
 * @property {string} origin
 * @property {string} folder
 * @property {{ rounds: number, turnMs: number }} effort
 */

process.once('disconnect', () => process.exit());
const [question] = await once(process, 'message');
process.send?.(await answer(question), () => process.exit());

/** @param {Question} question */
async function answer({ client, id, origin, folder, effort }) {
  const scenario = scenarios.find((one) => one.id === id);
  if (scenario === undefined) throw new Error(`There is no scenario '${id}'`);
  const url = `${origin}${scenario.path}`;
  const known = await knownResponse({ origin, folder }, scenario);
  const waysOf = { axios: axiosWays, got: gotWays }[client];
  const ways = [
    ...waysOf(scenario, { url, folder: join(folder, 'ours'), known }),
    ...otherWays(scenario, { url, folder: join(folder, 'other') }),
  ];
  const contenders = await contendersOf(ways, scenario, contentOf(scenario, known));
  return await takeTurns(contenders, effort);
}
