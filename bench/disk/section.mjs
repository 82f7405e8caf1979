// @ts-check
import { join } from 'node:path';
import { compare } from '../compare.mjs';
import { compareLargeBodies } from './large-bodies.mjs';
import { diskLookUps } from './look-ups.mjs';
import { compareSizes } from './scale.mjs';
import { diskUpdates } from './updates.mjs';

/** @type {import('../sections.mjs').Section} */
export const disk = {
  name: 'disk',
  about: 'the disk store beside raw files and cacache, and by the number of its entries',
  async *run({ origin, folder, effort, quick, entries }) {
    yield await folder(async (path) => {
      const contenders = await diskLookUps({ origin, folder: path });
      return await compare({ id: 'disk-look-up', title: 'Disk: a look-up, 10 KB' }, contenders, effort);
    });
    yield await folder(async (path) => {
      const contenders = await diskUpdates({ origin, folder: path });
      const what = { id: 'disk-freshening', title: 'Disk: freshening an entry of 10 KB' };
      return await compare(what, contenders, { ...effort, by: 'elapsed' });
    });
    for (const megabytes of quick ? [64] : [64, 256]) {
      const rounds = quick ? 3 : 7;
      yield* await folder(
        async (path) =>
          await compareLargeBodies({
            origin,
            folder: join(path, String(megabytes)),
            megabytes,
            rounds,
          }),
      );
    }
    const sizes = entries ?? (quick ? [1000, 20_000] : [1000, 100_000, 1_000_000]);
    const rounds = quick ? 5 : 21;
    yield* await folder(async (path) => await compareSizes({ origin, folder: path, sizes, rounds }));
  },
};
