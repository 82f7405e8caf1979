// @ts-check
import { join } from 'node:path';
import { compare } from '../compare.mjs';
import { axiosWays } from './axios-hits.mjs';
import { contentOf } from './content.mjs';
import { gotWays } from './got-hits.mjs';
import { knownResponse } from './known-response.mjs';
import { otherWays } from './other-ways.mjs';
import { scenarios } from './scenarios.mjs';
import { contendersOf } from './ways.mjs';

/** @type {import('../sections.mjs').Section} */
export const hits = {
  name: 'hits',
  about: 'what a hit costs in axios and got, in memory and on disk',
  async *run({ origin, folder, effort }) {
    for (const [client, waysOf] of Object.entries({ axios: axiosWays, got: gotWays })) {
      for (const scenario of scenarios) {
        yield await folder(async (path) => {
          const url = `${origin}${scenario.path}`;
          const known = await knownResponse({ origin, folder: path }, scenario);
          const ways = [
            ...waysOf(scenario, { url, folder: join(path, 'ours'), known }),
            ...otherWays(scenario, { url, folder: join(path, 'other') }),
          ];
          const contenders = await contendersOf(ways, scenario, contentOf(scenario, known));
          const what = { id: `${client}-hit-${scenario.id}`, title: `${client}, a hit: ${scenario.title}` };
          return await compare(what, contenders, effort);
        });
      }
    }
  },
};
