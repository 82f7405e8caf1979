import type { RawResult } from 'http-cache-tests/client/runner.mjs';
import { describe, expect, it } from 'vitest';
import { combinations, nameOf } from './combinations.ts';
import { differences } from './differences.ts';
import type { Outcome } from './outcome.ts';
import type { Table } from './table.ts';

const [first = '', second = ''] = combinations.map(nameOf);

/** A table in which the tests come out as given with the first two combinations. */
function tableWith(outcomes: Readonly<Record<string, Outcome>>): Table {
  const row = (outcome: Outcome): Outcome[] =>
    combinations.map((_, column) => (column < 2 ? outcome : 'none'));
  return {
    suite: 'suite 1.0.0',
    outcomes: new Map(Object.entries(outcomes).map(([id, outcome]) => [id, row(outcome)])),
  };
}

describe('what has changed since the table was written', () => {
  it('is nothing when all came out as before', () => {
    expect(differences(tableWith({ a: 'pass' }), tableWith({ a: 'pass' }), new Map())).toBe('');
  });

  it('names each test that got worse, better, or otherwise, with what the suite says', () => {
    const before = tableWith({ a: 'pass', b: 'weak', c: 'yes', d: 'fail' });
    const now = tableWith({ a: 'fail', b: 'pass', c: 'no', d: 'setup' });
    const stale: RawResult = ['Assertion', 'is stale'];
    const results = new Map([first, second].map((name) => [name, { a: stale, c: stale }]));
    expect(differences(before, now, results)).toBe(
      [
        'Got worse:',
        `  a: pass → fail (Assertion: is stale): ${first}, ${second}`,
        'Got better:',
        `  b: weak → pass (nothing wrong by itself): ${first}, ${second}`,
        'Changed:',
        `  c: yes → no (Assertion: is stale): ${first}, ${second}`,
        `  d: fail → setup (nothing wrong by itself): ${first}, ${second}`,
      ].join('\n'),
    );
  });

  it('names tests that came or went, and another suite', () => {
    const now = { ...tableWith({ b: 'pass' }), suite: 'suite 2.0.0' };
    expect(differences(tableWith({ a: 'pass' }), now, new Map())).toBe(
      'Changed:\n  The suite is suite 2.0.0, not suite 1.0.0.\n  a is no longer in the suite.\n  b is new in the suite.',
    );
  });
});
