import { fieldValues } from './fields.ts';
import type { FieldLines } from './message.ts';
import { responseDirectives } from './response-directives.ts';
import type { CacheRules } from './rules.ts';

/** Fields that are about one connection or one proxy, and so are never stored (RFC 9111 §3.1, RFC 9110 §7.6.1). */
const connectionFields: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** Fields to leave out of the store beside those that are never stored. */
export interface FieldExclusions {
  /** Whether `Set-Cookie` is left out. */
  readonly dropSetCookie: boolean;
  /** Further names, in lower case. */
  readonly dropNames?: readonly string[];
}

/**
 * The fields of a response that may be stored (RFC 9111 §3.1), in order, repeated ones kept apart: without those about
 * the connection, those that `Connection` names, and the given exclusions.
 */
export function storableFields(headers: FieldLines, what: FieldExclusions): FieldLines {
  const unstorable = unstorableNames(headers);
  const { dropNames = [], dropSetCookie } = what;
  const dropped =
    dropNames.length > 0 || dropSetCookie
      ? new Set([...unstorable, ...dropNames, ...(dropSetCookie ? ['set-cookie'] : [])])
      : unstorable;
  return headers.filter((line) => !dropped.has(line[0].toLowerCase()));
}

/** The trailer fields that may be stored with a response that has these header fields: by the rules for those (RFC 9111 §3.1). */
export function storableTrailers(trailers: FieldLines, headers: FieldLines, rules: CacheRules): FieldLines {
  if (trailers.length === 0) return trailers;
  const named = [...unstorableNames(headers)];
  const { dropSetCookie, dropNames = [] } = fieldExclusions(headers, rules);
  return storableFields(trailers, { dropSetCookie, dropNames: [...dropNames, ...named] });
}

/** Names of the fields that are about the connection that this header section came over, in lower case. */
export function unstorableNames(headers: FieldLines): ReadonlySet<string> {
  const values = fieldValues(headers, 'connection');
  // What nearly every response says of its connection names no field.
  if (values.every((value) => value === 'keep-alive' || value === 'close')) return connectionFields;
  const names = new Set(connectionFields);
  for (const value of values) {
    for (const option of value.split(',')) names.add(option.trim().toLowerCase());
  }
  // RFC 9110 §7.6.1: it must not be named there, being for all recipients.
  names.delete('cache-control');
  return names;
}

/** What the directives of a response and the rules leave out of the store (RFC 9111 §5.2.2.4, §5.2.2.7, §7.3). */
export function fieldExclusions(headers: FieldLines, rules: CacheRules): FieldExclusions {
  const directives = responseDirectives(headers, rules);
  return {
    dropSetCookie: dropsSetCookie(rules, directives.public || directives.sMaxAgeSeconds !== undefined),
    // §5.2.2.4: a field that no-cache names is not reused without validation, and a validated one comes anew.
    dropNames: rules.shared
      ? [...directives.noCacheFields, ...directives.privateFields]
      : directives.noCacheFields,
  };
}

function dropsSetCookie(rules: CacheRules, isForEveryone: boolean): boolean {
  if (rules.setCookie === 'auto') return rules.shared && !isForEveryone;
  return rules.setCookie === 'drop';
}
