import type { SuiteTest } from 'http-cache-tests/tests/index.mjs';
import { combinations, type Combination } from './combinations.ts';
import type { Outcome } from './outcome.ts';
import { type Kind, kindOf, testsOf } from './suite-tests.ts';
import type { Table } from './table.ts';

/** How many tests of a kind pass: `137 of 160`. */
export function countPasses(
  tests: readonly SuiteTest[],
  kind: Kind,
  outcome: (test: SuiteTest) => Outcome | undefined,
): string {
  const ofKind = tests.filter((test) => kindOf(test) === kind);
  return `${ofKind.filter((test) => outcome(test) === 'pass').length} of ${ofKind.length}`;
}

/** The same by a table, of the tests for this sort of cache, or of given ones. */
export function passesIn(
  table: Table,
  combination: Combination,
  kind: Kind,
  tests: readonly SuiteTest[] = testsOf(combination.sharing),
): string {
  const column = combinations.indexOf(combination);
  return countPasses(tests, kind, ({ id }) => table.outcomes.get(id)?.[column]);
}

/** The results in a sentence. */
export function summary(table: Table): string {
  const counts = (['private', 'shared'] as const).map((sharing) => {
    const caches = combinations.filter((combination) => combination.sharing === sharing);
    const [required, optimal] = (['required', 'optimal'] as const).map((kind) =>
      alike(caches.map((one) => passesIn(table, one, kind))),
    );
    return `${required} required and ${optimal} optimal tests as a ${sharing} cache`;
  });
  return `Through axios and through got the cache passes ${counts.join(', and ')}.`;
}

/** One count where clients and stores are alike, as they should be. */
export function alike(counts: readonly string[]): string {
  return [...new Set(counts)].join(' or ');
}
