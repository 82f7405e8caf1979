/** What the benchmarks use of a package that has no types of its own. */
declare module 'make-fetch-happen' {
  type Fetch = (url: string, options?: { method?: string }) => Promise<Response>;
  const fetch: Fetch & {
    defaults(options: { cachePath: string; cacheAdditionalHeaders?: readonly string[] }): Fetch;
  };
  export default fetch;
}
