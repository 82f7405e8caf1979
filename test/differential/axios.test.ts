import { describe, test } from 'vitest';
import { axiosKit, usedAxiosKit } from './axios-kit.ts';
import { axiosScenarios } from './axios-scenarios.ts';
import { axiosTimeouts } from './axios-timeouts.ts';
import { cacheRows, type CacheRow } from './cache-rows.ts';
import { runScenario } from './run-scenario.ts';

describe.each(cacheRows)('axios with $name is as axios without a cache', (row) => {
  compare(axiosKit, row);
});

// What is read asynchronously is never answered the short way.
const shortWayRows = cacheRows.filter(({ name }) => name === 'a cache (memory)' || name === 'a cache (disk)');

describe.each(shortWayRows)(
  'an instance of axios that was used, with $name, is as without a cache',
  (row) => {
    compare(usedAxiosKit, row);
  },
);

function compare(kit: typeof axiosKit, row: CacheRow): void {
  test.each(axiosScenarios)('$name', (scenario) => runScenario(kit, scenario, row));
  // They wait more than they work.
  test.concurrent.each(axiosTimeouts)('$name', (scenario) => runScenario(kit, scenario, row));
}
