import suites, { type SuiteTest } from 'http-cache-tests/tests/index.mjs';
import type { Combination } from './combinations.ts';

/** The kinds of tests: a demand of the RFCs, good use of a cache, or only a look at what a cache does. */
export type Kind = 'required' | 'optimal' | 'check';

/** Every test of the suite, in its order. `Surrogate-Control`, which the suite keeps apart, is not among them. */
export const suiteTests: readonly SuiteTest[] = suites.flatMap(({ tests }) => tests);

/** The kind of a test, as the suite takes it. */
export function kindOf({ kind }: SuiteTest): Kind {
  return kind ?? 'required';
}

/**
 * The tests for caches of this sort, all of them for a client without one. The suite tells browsers from all others. What
 * it spares browsers is for shared caches, and says so by its name, or is about what Fetch hides from scripts, and Node's
 * clients show.
 */
export function testsOf(sharing: Combination['sharing']): readonly SuiteTest[] {
  if (sharing === 'private') return suiteTests.filter((test) => !/shared/i.test(test.name));
  return suiteTests.filter((test) => sharing === undefined || test.browser_only !== true);
}
