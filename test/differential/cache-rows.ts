/** A cache to run the scenarios on, made anew for each. */
export interface CacheRow<Cache> {
  readonly name: string;
  readonly open: () => Promise<OpenCache<Cache>>;
}

/** The cache of one row; `undefined` for none, which shows that a difference is the cache's and not the run's. */
export interface OpenCache<Cache> extends AsyncDisposable {
  readonly cache: Cache | undefined;
}

export const cacheRows: readonly CacheRow<never>[] = [
  {
    name: 'no cache',
    open: async () => ({ cache: undefined, [Symbol.asyncDispose]: async () => undefined }),
  },
];
