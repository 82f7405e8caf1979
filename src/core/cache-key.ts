import type { FieldLines } from './message.ts';
import type { SelectingField } from './policy-types.ts';
import { targetUri } from './target-uri.ts';

/** What the option `cacheKey` may answer: another target URI to store under, or a suffix. */
export type CustomKey =
  | string
  | {
      /** Tells apart responses of the same target URI. */
      readonly suffix: string;
    };

/**
 * The pseudo-name under which a suffix is one more selecting field, so that invalidating a URI invalidates what is stored
 * under all its suffixes. No field has it, as it is no token.
 */
export const suffixName = '(key)';

/**
 * The key of everything that is stored for a target URI: the URI itself, or the one that replaces it.
 *
 * @throws TypeError when the replacement is not an absolute `http:` or `https:` URL.
 */
export function primaryKey(uri: string, custom?: CustomKey): string {
  return typeof custom === 'string' ? targetUri(custom) : uri;
}

/** The request fields that responses are selected by: those of the request and, as one more, the suffix. */
export function withSuffix(headers: FieldLines, custom: CustomKey | undefined): FieldLines {
  return typeof custom === 'object' ? [...headers, [suffixName, custom.suffix]] : headers;
}

/**
 * The key of one variant (RFC 9111 §4.1). Injective: other arguments give another key, and none is a primary key.
 *
 * @param primary - The primary key, or its {@link headKey}.
 * @param epoch - The epoch of the index, which a URI's invalidation changes.
 * @param selecting - The request fields that the response was selected by.
 * @param credentials - Keyed digest of the credentials that it is for; `null` when it may answer any request.
 */
export function variantKey(
  primary: string,
  epoch: string,
  selecting: readonly SelectingField[],
  credentials: string | null,
): string {
  let key = `variant ${part(primary)}${part(epoch)}${part(credentials)}`;
  for (const [name, value] of selecting) key += part(name) + part(value);
  return key;
}

/** A text behind its length, so that nothing in it can be taken for the next part. */
function part(text: string | null): string {
  return text === null ? '-' : `${text.length}:${text}`;
}

/** The key under which responses to HEAD are kept apart from those to GET. A URI never starts like it. */
export function headKey(primary: string): string {
  return `HEAD ${primary}`;
}

/** The key at which the index lies that leads to a variant; any other key as it is. */
export function indexKeyOf(key: string): string {
  const [start = '', length] = /^variant (\d+):/.exec(key) ?? [];
  return length === undefined ? key : key.slice(start.length, start.length + Number(length));
}

/** The primary key that a stored response belongs to, by the key that it is stored under. */
export function primaryOf(key: string): string {
  const indexKey = indexKeyOf(key);
  const start = headKey('');
  return indexKey.startsWith(start) ? indexKey.slice(start.length) : indexKey;
}
