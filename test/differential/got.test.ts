import { describe, test } from 'vitest';
import { gotKit } from './got-kit.ts';
import { gotScenarios } from './got-scenarios.ts';
import { gotTimeouts } from './got-timeouts.ts';
import { cacheRows } from './cache-rows.ts';
import { runScenario } from './run-scenario.ts';

describe.each(cacheRows)('got with $name is as got without a cache', (row) => {
  test.each(gotScenarios)('$name', (scenario) => runScenario(gotKit, scenario, row));
});

// They wait more than they work: those on all caches at the same time.
describe.concurrent.each(cacheRows)('a timeout of got with $name is as without a cache', (row) => {
  test.each(gotTimeouts)('$name', (scenario) => runScenario(gotKit, scenario, row));
});
