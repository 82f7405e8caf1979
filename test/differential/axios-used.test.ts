import { describe } from 'vitest';
import { usedAxiosKit } from './axios-kit.ts';
import { compareAxios } from './compare-axios.ts';
import { cacheRows } from './cache-rows.ts';

// What has to be waited for is never answered the short way.
const rows = cacheRows.filter(({ name }) => name === 'a cache (memory)' || name === 'a cache (disk)');

describe.each(rows)('a used instance of axios with $name is as without a cache', (row) => {
  compareAxios(usedAxiosKit, row);
});
