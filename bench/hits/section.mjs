// @ts-check
import { compare } from '../compare.mjs';
import { axiosHits } from './axios-hits.mjs';
import { gotHits } from './got-hits.mjs';

/** @type {import('../sections.mjs').Section} */
export const hits = {
  name: 'hits',
  about: 'what a hit costs in axios and got, in memory and on disk',
  async *run({ origin, folder, effort }) {
    for (const [client, contendersOf] of Object.entries({ axios: axiosHits, got: gotHits })) {
      for (const kilobytes of [1, 10]) {
        yield await folder(async (path) => {
          const contenders = await contendersOf({ origin, folder: path, kilobytes });
          const what = { id: `${client}-hit-${kilobytes}-kb`, title: `${client}: ${kilobytes} KB of JSON` };
          return await compare(what, contenders, effort);
        });
      }
    }
  },
};
