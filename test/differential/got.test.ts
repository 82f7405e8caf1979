import { describe, test } from 'vitest';
import { cacheRows } from './cache-rows.ts';
import { gotBodies } from './got-bodies.ts';
import { gotFaults } from './got-faults.ts';
import { gotHeads } from './got-heads.ts';
import { gotKit } from './got-kit.ts';
import { gotRequests } from './got-requests.ts';
import { runScenario } from './run-scenario.ts';

const scenarios = [...gotBodies, ...gotHeads, ...gotRequests, ...gotFaults];

describe.each(cacheRows)('got with $name is as got without a cache', (row) => {
  test.each(scenarios)('$name', (scenario) => runScenario(gotKit, scenario, row));
});
