import { parseDictionary, Token } from 'structured-headers';
import { collectDirectives, type Directives } from './cache-control.ts';

/** A field beyond this is taken for one that cannot be read: the parser's time for it would be felt. */
const mostCharacters = 4096;

/** Directives whose value is an Integer. */
const integers: ReadonlySet<string> = new Set([
  'max-age',
  's-maxage',
  'stale-while-revalidate',
  'stale-if-error',
]);

/** Directives that may have field names as their value. */
const qualified: ReadonlySet<string> = new Set(['no-cache', 'private']);

/**
 * Parses the combined value of a targeted field such as `CDN-Cache-Control`; `undefined` for one that counts as absent:
 * empty, no Dictionary, or longer than 4 KiB. A member whose value is of another type than its directive takes is left
 * out, and parameters mean nothing (RFC 9213 §2.1). Never throws.
 */
export function parseTargetedField(field: string): Directives | undefined {
  const members = field.length > mostCharacters ? undefined : readDictionary(field);
  if (members === undefined || members.size === 0) return undefined;
  const decimals = decimalMembers(field);
  return collectDirectives((found) => {
    for (const [name, [value]] of members) {
      if (integers.has(name)) {
        if (typeof value === 'number' && !decimals.has(name)) found(name, String(value));
      } else if (value === true) {
        found(name, undefined);
      } else if (qualified.has(name) && (typeof value === 'string' || value instanceof Token)) {
        found(name, String(value));
      }
    }
  });
}

function readDictionary(field: string): ReturnType<typeof parseDictionary> | undefined {
  try {
    return parseDictionary(field);
  } catch {
    return undefined;
  }
}

/** Quoted text, or a member of a Dictionary that is a number: its key, and the point that makes it a Decimal. */
const quotedOrMember = /%"[^"]*"|"(?:[^"\\]|\\.)*"|(?<=^|,)[ \t]*([a-z*][a-z0-9_.*-]*)=-?\d+(\.)?/g;

/** Which members are Decimals, the last of a name: the parser gives the same number for `60.0` and for the Integer `60`. */
function decimalMembers(field: string): ReadonlySet<string> {
  const decimals = new Set<string>();
  for (const [, name, point] of field.matchAll(quotedOrMember)) {
    if (name === undefined) continue;
    if (point === undefined) decimals.delete(name);
    else decimals.add(name);
  }
  return decimals;
}
