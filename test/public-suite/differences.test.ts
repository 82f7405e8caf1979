import { describe, expect, it } from 'vitest';
import { combinations, nameOf } from './combinations.ts';
import { differences } from './differences.ts';
import type { Outcome } from './outcome.ts';
import type { Table } from './table.ts';

const first = combinations[0];

function tableWith(outcomes: Readonly<Record<string, Outcome>>): Table {
  const row = (outcome: Outcome): readonly Outcome[] =>
    combinations.map((one) => (one === first ? outcome : 'yes'));
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
    const name = first === undefined ? '' : nameOf(first);
    const before = tableWith({ a: 'pass', b: 'weak', c: 'yes', d: 'fail' });
    const now = tableWith({ a: 'fail', b: 'pass', c: 'no', d: 'setup' });
    expect(differences(before, now, new Map([[name, { a: ['Assertion', 'is stale'] }]]))).toBe(
      [
        'Got worse:',
        `  a, ${name}: pass → fail (Assertion: is stale)`,
        'Got better:',
        `  b, ${name}: weak → pass (nothing wrong by itself)`,
        'Changed:',
        `  c, ${name}: yes → no (nothing wrong by itself)`,
        `  d, ${name}: fail → setup (nothing wrong by itself)`,
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
