import { combinations, nameOf } from './combinations.ts';
import { isOutcome, type Outcome, outcomeOf, receptionOf } from './outcome.ts';
import type { RawResults } from './run-combinations.ts';
import { suiteTests } from './suite-tests.ts';

/** The outcome of every test of the suite, by its id, in the order of `combinations`. */
export interface Table {
  /** The package and its version. */
  readonly suite: string;
  readonly outcomes: ReadonlyMap<string, readonly Outcome[]>;
}

/** Makes the table of a run. */
export function makeTable(suite: string, results: RawResults): Table {
  const rows = suiteTests.map((test): [string, Outcome[]] => [
    test.id,
    combinations.map((combination) => {
      const raw = results.get(nameOf(combination)) ?? {};
      return combination.store === undefined ? receptionOf(test, raw) : outcomeOf(test, raw);
    }),
  ]);
  return { suite, outcomes: new Map(rows.toSorted(([a], [b]) => (a < b ? -1 : 1))) };
}

/** A table as it is kept: JSON, one line a test. */
export function writeTable({ suite, outcomes }: Table): string {
  const columns = combinations.map(nameOf);
  const rows = Object.fromEntries([...outcomes].map(([id, row]) => [id, row.join(' ')]));
  return `${JSON.stringify({ suite, columns, outcomes: rows }, undefined, 2)}\n`;
}

/** Reads what `writeTable` wrote, for the same combinations. */
export function readTable(text: string): Table {
  const { suite, columns, outcomes } = JSON.parse(text) as {
    suite: string;
    columns: readonly string[];
    outcomes: Readonly<Record<string, string>>;
  };
  if (columns.join() !== combinations.map(nameOf).join()) throw new Error('The table has other columns.');
  const rows = Object.entries(outcomes).map(([id, row]): [string, readonly Outcome[]] => [
    id,
    row.split(' ').filter(isOutcome),
  ]);
  return { suite, outcomes: new Map(rows) };
}
