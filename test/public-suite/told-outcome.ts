import { combinations, nameOf } from './combinations.ts';
import type { Outcome } from './outcome.ts';
import type { Table } from './table.ts';

const columns = combinations.map((combination, column) => ({
  ...combination,
  column,
  name: nameOf(combination),
}));

/** How a test came out, in as few words as that takes: one outcome where all are alike. */
export function toldOutcome(table: Table, id: string): string {
  const row = table.outcomes.get(id) ?? [];
  const own = ofCaches(row, 'private');
  const shared = ofCaches(row, 'shared');
  const isRejected = columns.some(({ store, column }) => store === undefined && row[column] === 'rejected');
  return `${together(own, shared)}${isRejected ? ', rejected' : ''}`;
}

function together(own: string, shared: string): string {
  if (own === shared) return own;
  if (own === 'none') return `shared: ${shared}`;
  if (shared === 'none') return `private: ${own}`;
  return `private: ${own}; shared: ${shared}`;
}

function ofCaches(row: readonly Outcome[], sharing: 'private' | 'shared'): string {
  const each = columns
    .filter((one) => one.sharing === sharing)
    .map(({ name, column }) => ({ name, outcome: row[column] ?? 'none' }));
  const all = new Set(each.map(({ outcome }) => outcome));
  return all.size === 1 ? [...all].join() : each.map(({ name, outcome }) => `${name} ${outcome}`).join(', ');
}
