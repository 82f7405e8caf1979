import axios from 'axios';
import { expect, it } from 'vitest';
import { installCache } from '../../src/axios/index.ts';
import { gotCache } from '../../src/got/index.ts';
import { HttpCache } from '../../src/index.ts';
import { MemoryManager } from '../../src/managers/memory/index.ts';

it.each([
  ['installCache', () => installCache(axios.create(), Object(new HttpCache()))],
  ['gotCache', () => gotCache(Object(new HttpCache()))],
  ['HttpCache', () => new HttpCache(Object(new HttpCache()))],
])('%s refuses a cache in place of options, which it would not mind', (_name, make) => {
  expect(make).toThrow(/The options of HttpCache are an HttpCache: give its options, or { cache } to use it/);
});

it.each([
  ['installCache', () => installCache(axios.create(), Object(new MemoryManager()))],
  ['gotCache', () => gotCache(Object(new MemoryManager()))],
  ['HttpCache', () => new HttpCache(Object(new MemoryManager()))],
])('%s refuses a manager in place of options, and says where it goes', (_name, make) => {
  expect(make).toThrow('The options of HttpCache are a cache manager: give { manager }');
});

it.each(['null', '5'])('%s is refused where a request is to be named', async (text) => {
  const cache = new HttpCache();
  const told = `The request is ${text}: give an absolute http: or https: URL, or a request head with one`;
  await expect(cache.explain(JSON.parse(text))).rejects.toThrow(told);
  await expect(cache.delete(JSON.parse(text))).rejects.toThrow(told);
  await expect(cache.invalidate(JSON.parse(text))).rejects.toThrow(told);
});
