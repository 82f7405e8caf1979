import { parseList } from 'structured-headers';
import { fieldValue } from './fields.ts';
import { isUnsafe } from './invalidation.ts';
import type { FieldLines, RequestHead, ResponseHead } from './message.ts';

/** A field beyond this is taken for one that cannot be read: the parser's time for it would be felt. */
const mostCharacters = 4096;

/** RFC 9875 §2 asks for 32. */
const mostGroups = 64;

/** The key of the record of a user's own tag. A URI never starts like it. */
export function tagKey(tag: string): string {
  return `tag ${tag}`;
}

/** The key of the record of a group of an origin, which another origin cannot name (RFC 9875 §2.1). */
export function groupKey(origin: string, group: string): string {
  return `group ${origin} ${group}`;
}

/** The keys of the groups that a response says it is in (RFC 9875 §2); of more than 64 the first. */
export function groupsOf({ url }: RequestHead, { headers }: Pick<ResponseHead, 'headers'>): string[] {
  const groups = namedGroups(headers, 'cache-groups');
  if (groups.length === 0) return groups;
  const { origin } = new URL(url);
  return groups.map((group) => groupKey(origin, group));
}

/** The groups of its origin that an answer to an unsafe method invalidates (RFC 9875 §3); of more than 64 the first. */
export function invalidatedGroups(request: RequestHead, { headers }: ResponseHead): string[] {
  return isUnsafe(request.method) ? namedGroups(headers, 'cache-group-invalidation') : [];
}

function namedGroups(headers: FieldLines, name: string): string[] {
  const field = fieldValue(headers, name);
  if (field === undefined || field.length > mostCharacters) return [];
  return [...new Set(readStrings(field))].slice(0, mostGroups);
}

/** A List of Strings (RFC 9651 §3.1); what is anything else counts as absent. */
function readStrings(field: string): string[] {
  try {
    const values = parseList(field).map((member): unknown => member[0]);
    return values.every((value) => typeof value === 'string') ? values : [];
  } catch {
    return [];
  }
}
