import { cacheModes, type CacheMode } from '../core/cache-mode.ts';
import { checkTags } from './check-tags.ts';
import { checkBoolean, checkKnown, checkOneOf, show } from './check-option.ts';

/** What a caller may ask of the cache for one request. */
export interface RequestOptions {
  /** Whether this POST or QUERY is looked up, and its response stored, by its body; in place of what the cache's own `byBody` says. */
  readonly byBody?: boolean;
  /** How the cache treats this request, in place of what the cache's own `mode` says. */
  readonly mode?: CacheMode;
  /** Tags of the response, should it be stored, beside those that the cache's own `tags` gives: for `cache.invalidate({ tag })`. */
  readonly tags?: readonly string[];
}

/**
 * Checks what a caller asks for one request.
 *
 * @throws TypeError for what is neither `false`, `undefined` nor an object of known fields, and for unknown modes.
 */
export function validateRequestOptions(value: unknown): RequestOptions | false | undefined {
  if (value === undefined || value === false) return value;
  if (typeof value !== 'object' || value === null) {
    throw new TypeError(`httpCache is ${show(value)}: give { mode } or false`);
  }
  checkKnown(value, ['mode', 'byBody', 'tags'], 'httpCache');
  const mode = checkOneOf<CacheMode>(Reflect.get(value, 'mode'), 'httpCache.mode', cacheModes);
  const byBody = checkBoolean(Reflect.get(value, 'byBody'), 'httpCache.byBody');
  const tags = checkTags(Reflect.get(value, 'tags'), 'httpCache.tags');
  return {
    ...(mode === undefined ? {} : { mode }),
    ...(byBody === undefined ? {} : { byBody }),
    ...(tags === undefined ? {} : { tags }),
  };
}
