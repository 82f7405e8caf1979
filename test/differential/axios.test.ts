import { describe } from 'vitest';
import { axiosKit } from './axios-kit.ts';
import { compareAxios } from './compare-axios.ts';
import { cacheRows } from './cache-rows.ts';

// Disks that answer at once are for instances that were used: nothing is written otherwise.
const rows = cacheRows.filter(({ name }) => name !== 'a cache (disk)');

describe.each(rows)('a new instance of axios with $name is as without a cache', (row) => {
  compareAxios(axiosKit, row);
});
