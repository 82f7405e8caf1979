import { inspect, isDeepStrictEqual } from 'node:util';
import type { Description } from './description.ts';

/** One field in which two runs differ. */
export interface Difference {
  /** Where it is: member names joined by dots. */
  readonly field: string;
  readonly expected: Description;
  readonly actual: Description;
}

/**
 * Every field in which `actual` is not as `expected`. Lists are compared as wholes, because their order counts, unless
 * there is something with fields in them.
 */
export function differences(expected: Description, actual: Description, field = ''): Difference[] {
  if (isDeepStrictEqual(expected, actual)) return [];
  const [left, right] = [members(expected), members(actual)];
  if (left === undefined || right === undefined) return [{ field, expected, actual }];
  const names = new Set([...left.keys(), ...right.keys()]);
  return [...names].flatMap((name) =>
    differences(left.get(name), right.get(name), field === '' ? name : `${field}.${name}`),
  );
}

/** The fields of something; `undefined` when it is to be compared as a whole. */
function members(value: Description): ReadonlyMap<string, Description> | undefined {
  return typeof value === 'object' && value !== null && holdsFields(value)
    ? new Map<string, Description>(Object.entries(value))
    : undefined;
}

function holdsFields(value: Description): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return !Array.isArray(value) || value.some(holdsFields);
}

/** Differences as a text to read, one a line. */
export function showDifferences(found: readonly Difference[]): string {
  const show = (value: Description): string =>
    inspect(value, { depth: 4, breakLength: Infinity, maxStringLength: 300, maxArrayLength: 40 });
  return found
    .map(({ field, expected, actual }) => `${field}: ${show(actual)}, but without a cache ${show(expected)}`)
    .join('\n');
}
