import { describe, test } from 'vitest';
import { axiosBodies } from './axios-bodies.ts';
import { axiosFaults } from './axios-faults.ts';
import { axiosHeads } from './axios-heads.ts';
import { axiosKit } from './axios-kit.ts';
import { axiosRequests } from './axios-requests.ts';
import { cacheRows } from './cache-rows.ts';
import { runScenario } from './run-scenario.ts';

const scenarios = [...axiosBodies, ...axiosHeads, ...axiosRequests, ...axiosFaults];

describe.each(cacheRows)('axios with $name is as axios without a cache', (row) => {
  test.each(scenarios)('$name', (scenario) => runScenario(axiosKit, scenario, row));
});
