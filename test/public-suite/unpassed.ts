import type { SuiteTest } from 'http-cache-tests/tests/index.mjs';
import type { Outcome } from './outcome.ts';
import { kindOf, suiteTests } from './suite-tests.ts';
import type { Table } from './table.ts';

const good: ReadonlySet<Outcome> = new Set(['pass', 'none', 'received', 'rejected']);

/** The required and optimal tests that do not pass with every cache that they are for. */
export function unpassed({ outcomes }: Table): readonly SuiteTest[] {
  return suiteTests.filter(
    (test) =>
      kindOf(test) !== 'check' && !(outcomes.get(test.id) ?? []).every((outcome) => good.has(outcome)),
  );
}
