import { combinations, nameOf } from './combinations.ts';
import type { Outcome } from './outcome.ts';
import type { RawResults } from './run-combinations.ts';
import type { Table } from './table.ts';

/** What has changed since a table was written, a line each; empty when nothing has. */
export function differences(before: Table, now: Table, messages: RawResults): string {
  const lines: Record<'worse' | 'better' | 'other', string[]> = { worse: [], better: [], other: [] };
  if (before.suite !== now.suite) lines.other.push(`The suite is ${now.suite}, not ${before.suite}.`);
  for (const id of new Set([...before.outcomes.keys(), ...now.outcomes.keys()])) {
    const was = before.outcomes.get(id);
    const is = now.outcomes.get(id);
    if (was === undefined) lines.other.push(`${id} is new in the suite.`);
    else if (is === undefined) lines.other.push(`${id} is no longer in the suite.`);
    else {
      for (const [index, combination] of combinations.entries()) {
        const [from, to] = [was[index] ?? 'none', is[index] ?? 'none'];
        if (from === to) continue;
        const name = nameOf(combination);
        lines[direction(from, to)].push(
          `${id}, ${name}: ${from} → ${to} (${messageOf(messages.get(name)?.[id])})`,
        );
      }
    }
  }
  return [
    ...titled('Got worse', lines.worse),
    ...titled('Got better', lines.better),
    ...titled('Changed', lines.other),
  ].join('\n');
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
}

/** What a check records is neither good nor bad. */
function direction(from: Outcome, to: Outcome): 'worse' | 'better' | 'other' {
  if (from === 'pass') return 'worse';
  return to === 'pass' ? 'better' : 'other';
}

function messageOf(result: true | readonly [name: string, message: string] | undefined): string {
  return result === undefined || result === true ? 'nothing wrong by itself' : result.join(': ');
}
