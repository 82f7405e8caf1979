import { createHash } from 'node:crypto';
import type { CredentialRules } from '../core/credentials.ts';
import { isFieldName } from '../core/field-name.ts';
import type { RequestHead } from '../core/message.ts';
import { withoutParameters } from '../core/query.ts';
import { selectingFields } from '../core/vary.ts';
import { checkKnown, show } from './check-option.ts';

/** Which parts of a request make its key, where the target URI as it is does not do. */
export interface CacheKeyRules {
  /** Names of the query parameters that are left out of the key, or `true` for the whole query. */
  readonly ignoreQuery?: true | readonly string[];
  /** Names of the only query parameters that are in the key; not beside `ignoreQuery`. */
  readonly onlyQuery?: readonly string[];
  /**
   * Names of request fields that tell responses of one URL apart. A keyed digest of their values is in the key. Fields of
   * credentials are refused: a response is for the same credentials in any case.
   */
  readonly headers?: readonly string[];
}

/** The object form of the option `cacheKey` as the engine uses it. */
export interface KeyRules {
  /** The URL to store under for the URL of a request; `undefined` for the same. */
  readonly url: ((url: string) => string) | undefined;
  /** The request fields that tell responses apart, in lower case. */
  readonly fields: readonly string[];
}

/**
 * Checks the option `cacheKey`; a function is taken as it is.
 *
 * @throws TypeError naming the option, the value and the remedy.
 */
export function resolveCacheKey<KeyFunction extends (request: RequestHead) => unknown>(
  value: CacheKeyRules | KeyFunction | undefined,
  credentials: CredentialRules,
): KeyRules | KeyFunction | undefined {
  if (value === undefined || typeof value === 'function') return value;
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return resolveKeyRules(value, credentials);
  throw new TypeError(
    `The option cacheKey is ${show(value)}: give a function, or { ignoreQuery, onlyQuery, headers }`,
  );
}

function resolveKeyRules(value: object, credentials: CredentialRules): KeyRules {
  checkKnown(value, ['ignoreQuery', 'onlyQuery', 'headers'], 'cacheKey');
  const { ignoreQuery, onlyQuery, headers }: Record<keyof CacheKeyRules, unknown> = {
    ignoreQuery: undefined,
    onlyQuery: undefined,
    headers: undefined,
    ...value,
  };
  if (ignoreQuery !== undefined && onlyQuery !== undefined) {
    throw new TypeError('The option cacheKey has both ignoreQuery and onlyQuery: give one of them');
  }
  return { url: urlRule(ignoreQuery, onlyQuery), fields: fieldNames(headers, credentials) };
}

function urlRule(ignoreQuery: unknown, onlyQuery: unknown): KeyRules['url'] {
  if (ignoreQuery === true) return (url) => withoutParameters(url, () => true);
  if (ignoreQuery !== undefined) {
    const ignored = new Set(names(ignoreQuery, 'cacheKey.ignoreQuery', 'true or an array of names'));
    return (url) => withoutParameters(url, (name) => ignored.has(name));
  }
  if (onlyQuery === undefined) return undefined;
  const kept = new Set(names(onlyQuery, 'cacheKey.onlyQuery', 'an array of names'));
  return (url) => withoutParameters(url, (name) => !kept.has(name));
}

function fieldNames(value: unknown = [], { fields }: CredentialRules): readonly string[] {
  const found = new Set<string>();
  for (const given of names(value, 'cacheKey.headers', 'an array of field names')) {
    const name = given.toLowerCase();
    if (!isFieldName(name)) {
      throw new TypeError(`The option cacheKey.headers has ${show(given)}: give an array of field names`);
    }
    if (name === 'cookie' || fields.includes(name)) {
      throw new TypeError(
        `The option cacheKey.headers has ${show(given)}, a field of credentials: leave it out, as a response is for the same credentials in any case`,
      );
    }
    found.add(name);
  }
  return [...found].toSorted();
}

function names(value: unknown, option: string, expected: string): readonly string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new TypeError(`The option ${option} is ${show(value)}: give ${expected}`);
}

/** What tells a request's responses apart by its fields; short, however long their values are. */
export function fieldsSuffix(fields: readonly string[], { headers }: RequestHead): string {
  const values = JSON.stringify(selectingFields(fields, headers, () => undefined));
  return createHash('sha256').update(values).digest('base64url');
}
