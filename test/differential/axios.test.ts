import { describe, test } from 'vitest';
import { axiosKit } from './axios-kit.ts';
import { axiosScenarios } from './axios-scenarios.ts';
import { cacheRows } from './cache-rows.ts';
import { runScenario } from './run-scenario.ts';

describe.each(cacheRows)('axios with $name is as axios without a cache', (row) => {
  test.each(axiosScenarios)('$name', (scenario) => runScenario(axiosKit, scenario, row));
});
