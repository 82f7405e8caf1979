import type { Children } from '../helpers/child-process.ts';
import type { SuiteResults } from './children/run-suite.ts';
import { type Combination, nameOf } from './combinations.ts';

/** What came of each test, by the combination's name. */
export type RawResults = ReadonlyMap<string, SuiteResults>;

/** Each runs in a process of its own, since the suite keeps what it knows in its modules; a few side by side. */
export async function runCombinations(
  children: Children,
  combinations: readonly Combination[],
  sideBySide: number,
): Promise<RawResults> {
  const results = new Map<string, SuiteResults>();
  const waiting = combinations[Symbol.iterator]();
  const work = async (): Promise<void> => {
    // The iterator is shared: each takes what the others have left.
    for (const combination of waiting) {
      const answer = await children.run('run-suite.ts', combination);
      results.set(nameOf(combination), answer as SuiteResults);
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, work));
  return results;
}
