import axios from 'axios';
import { expect, it } from 'vitest';
import { installCache } from '../../src/axios/index.ts';
import { gotCache } from '../../src/got/index.ts';
import { HttpCache } from '../../src/index.ts';

it.each([
  ['installCache', () => installCache(axios.create(), Object(new HttpCache()))],
  ['gotCache', () => gotCache(Object(new HttpCache()))],
  ['HttpCache', () => new HttpCache(Object(new HttpCache()))],
])('%s refuses a cache in place of options, which it would not mind', (_name, make) => {
  expect(make).toThrow(/The options of HttpCache are an HttpCache: give its options, or { cache } to use it/);
});
