import { isDeepStrictEqual } from 'node:util';
import type { Description } from './description.ts';

/** One field in which two runs differ. */
export interface Difference {
  /** Where it is: member names joined by dots. */
  readonly field: string;
  readonly expected: Description;
  readonly actual: Description;
}

/** Every field in which `actual` is not as `expected`. Lists are compared as wholes, because their order counts. */
export function differences(expected: Description, actual: Description, field = ''): Difference[] {
  if (isDeepStrictEqual(expected, actual)) return [];
  if (!isRecord(expected) || !isRecord(actual)) return [{ field, expected, actual }];
  const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  return [...names].flatMap((name) =>
    differences(expected[name], actual[name], field === '' ? name : `${field}.${name}`),
  );
}

function isRecord(value: Description): value is { readonly [field: string]: Description } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
