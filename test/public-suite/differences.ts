import type { RawResult } from 'http-cache-tests/client/runner.mjs';
import { combinations, nameOf } from './combinations.ts';
import type { Outcome } from './outcome.ts';
import type { RawResults } from './run-combinations.ts';
import type { Table } from './table.ts';

/** What has changed since a table was written, by test; empty when nothing has. */
export function differences(before: Table, now: Table, results: RawResults): string {
  const lines: Record<Direction, string[]> = { worse: [], better: [], other: [] };
  if (before.suite !== now.suite) lines.other.push(`The suite is ${now.suite}, not ${before.suite}.`);
  for (const id of new Set([...before.outcomes.keys(), ...now.outcomes.keys()])) {
    const was = before.outcomes.get(id);
    const is = now.outcomes.get(id);
    if (was === undefined) lines.other.push(`${id} is new in the suite.`);
    else if (is === undefined) lines.other.push(`${id} is no longer in the suite.`);
    else {
      for (const [direction, change] of changes(was, is, (name) => results.get(name)?.[id])) {
        lines[direction].push(`${id}: ${change}`);
      }
    }
  }
  return [
    ...titled('Got worse', lines.worse),
    ...titled('Got better', lines.better),
    ...titled('Changed', lines.other),
  ].join('\n');
}

/** What a check records is neither good nor bad. */
type Direction = 'worse' | 'better' | 'other';

/** What has changed in a row, combinations that changed in the same way together. */
function changes(
  was: readonly Outcome[],
  is: readonly Outcome[],
  resultOf: (name: string) => RawResult | undefined,
): [Direction, string][] {
  const names = new Map<string, string[]>();
  const directions = new Map<string, Direction>();
  for (const [column, combination] of combinations.entries()) {
    const [from, to] = [was[column] ?? 'none', is[column] ?? 'none'];
    if (from === to) continue;
    const name = nameOf(combination);
    const change = `${from} → ${to} (${messageOf(resultOf(name))})`;
    names.set(change, [...(names.get(change) ?? []), name]);
    directions.set(change, directionOf(from, to));
  }
  return [...names].map(([change, all]) => [
    directions.get(change) ?? 'other',
    `${change}: ${all.join(', ')}`,
  ]);
}

function directionOf(from: Outcome, to: Outcome): Direction {
  if (from === 'pass') return 'worse';
  return to === 'pass' ? 'better' : 'other';
}

function messageOf(result: RawResult | undefined): string {
  return result === undefined || result === true ? 'nothing wrong by itself' : result.join(': ');
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
}
