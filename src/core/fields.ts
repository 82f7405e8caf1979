import type { FieldLine, FieldLines } from './message.ts';

/** Whether a field line's name is this one, which is given in lower case (RFC 9110 §5.1). */
function isNamed(line: FieldLine, lowerName: string): boolean {
  const name = line[0];
  return name.length === lowerName.length && name.toLowerCase() === lowerName;
}

/** The values of all lines of a field, in order. The name is given in lower case. */
export function fieldValues(headers: FieldLines, lowerName: string): string[] {
  const values: string[] = [];
  for (const line of headers) if (isNamed(line, lowerName)) values.push(line[1]);
  return values;
}

/**
 * The combined value of a field: its lines joined by a comma (RFC 9110 §5.3), or `undefined` when there are none.
 * The name is given in lower case.
 */
export function fieldValue(headers: FieldLines, lowerName: string): string | undefined {
  let combined: string | undefined;
  for (const line of headers) {
    if (isNamed(line, lowerName)) combined = combined === undefined ? line[1] : `${combined}, ${line[1]}`;
  }
  return combined;
}

/** Whether a field is there. The name is given in lower case. */
export function hasField(headers: FieldLines, lowerName: string): boolean {
  for (const line of headers) if (isNamed(line, lowerName)) return true;
  return false;
}
