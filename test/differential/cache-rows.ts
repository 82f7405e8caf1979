import { HttpCache } from '../../src/http-cache.ts';
import { managerRows } from '../helpers/managers.ts';

/** A cache to run the scenarios on, made anew for each. */
export interface CacheRow {
  readonly name: string;
  readonly open: () => Promise<OpenCache>;
}

/** The cache of one row; `undefined` for none, which shows that a difference is the cache's and not the run's. */
export interface OpenCache extends AsyncDisposable {
  readonly cache: HttpCache | undefined;
}

/** No cache, to see that the scenarios are repeatable, and one for each manager. */
export const cacheRows: readonly CacheRow[] = [
  {
    name: 'no cache',
    open: async () => ({ cache: undefined, [Symbol.asyncDispose]: async () => undefined }),
  },
  ...managerRows.map(({ name, open }) => ({
    name: `a cache (${name})`,
    open: async () => {
      const opened = await open();
      return {
        cache: new HttpCache({ manager: opened.manager }),
        [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
      };
    },
  })),
];
