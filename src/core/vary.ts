import { suffixName } from './cache-key.ts';
import { isFieldName } from './field-name.ts';
import { fieldValue, fieldValues } from './fields.ts';
import { listMembers } from './list-members.ts';
import type { FieldLines } from './message.ts';
import type { SelectingField } from './policy-types.ts';

/** A `Vary` beyond these is taken for `*`: nobody means it, and each name costs time at every look-up. */
const mostNames = 64;
const mostCharacters = 4096;

/** Fields whose values are case-insensitive (RFC 9110 §12.5.2 to §12.5.4). */
const caseInsensitive: ReadonlySet<string> = new Set([
  'accept-charset',
  'accept-encoding',
  'accept-language',
]);

/** Fields whose members have parameters behind semicolons, a weight at least (RFC 9110 §12.4.2, §12.5.1). */
const parameterised: ReadonlySet<string> = new Set(['accept', ...caseInsensitive]);

/**
 * Fields whose members mean the same in any order. Of media types and languages of equal weight many servers take the
 * first (RFC 9110 §12.5.4), so that another order is another wish.
 */
const unordered: ReadonlySet<string> = new Set(['accept-charset', 'accept-encoding']);

/** Fields that are no lists, so that a comma in them separates nothing. */
const singular: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'from',
  'host',
  'if-modified-since',
  'if-unmodified-since',
  'origin',
  'proxy-authorization',
  'referer',
  'user-agent',
]);

/**
 * The names that a response's `Vary` lists (RFC 9110 §12.5.5): in lower case, sorted, each once. `'*'` when no request can
 * be known to match: a `*` anywhere in it, something that is no field name, more than 64 names or more than 4 KiB.
 */
export function varyNames(headers: FieldLines): readonly string[] | '*' {
  const joined = fieldValues(headers, 'vary').join(',');
  if (joined.length > mostCharacters) return '*';
  const names = new Set<string>();
  for (const member of joined.split(',')) {
    const name = member.trim().toLowerCase();
    if (name === '') continue;
    if (name === '*' || !isFieldName(name)) return '*';
    names.add(name);
  }
  return names.size > mostNames ? '*' : [...names].toSorted();
}

/**
 * The values that a request has for the given names, normalised as RFC 9111 §4.1 allows.
 *
 * @param digest - Gives a keyed digest in place of the value of a field that carries credentials, `undefined` for others.
 */
export function selectingFields(
  names: readonly string[],
  requestHeaders: FieldLines,
  digest: (name: string, value: string) => string | undefined,
): SelectingField[] {
  return names.map((name) => {
    const value = fieldValue(requestHeaders, name);
    if (value === undefined) return [name, null];
    const normalised = normalise(name, value);
    return [name, digest(name, normalised) ?? normalised];
  });
}

/** §4.1: lines of one name are combined, and whitespace, case and order go where they mean nothing. */
function normalise(name: string, value: string): string {
  if (name === suffixName) return value;
  if (singular.has(name)) return value.trim();
  let members = listMembers(caseInsensitive.has(name) ? value.toLowerCase() : value);
  if (parameterised.has(name)) members = members.map(withoutSpaceInside);
  if (unordered.has(name)) members.sort();
  return members.join(', ');
}

/** RFC 9110 §5.6.6: whitespace around a semicolon is optional, but for one in a quoted string. */
function withoutSpaceInside(member: string): string {
  if (member.includes('"')) return member;
  return member
    .split(';')
    .map((part) => part.trim())
    .join(';');
}

/** Whether two lists of selecting fields, made from the same names, match (RFC 9111 §4.1). */
export function sameSelecting(a: readonly SelectingField[], b: readonly SelectingField[]): boolean {
  return (
    a.length === b.length &&
    a.every(([name, value], index) => {
      const other = b[index];
      return other !== undefined && other[0] === name && other[1] === value;
    })
  );
}
