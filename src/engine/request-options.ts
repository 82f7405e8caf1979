import { cacheModes, type CacheMode } from '../core/cache-mode.ts';
import { checkBoolean, checkKnown, checkOneOf, show } from './check-option.ts';

/** What a caller may ask of the cache for one request. */
export interface RequestOptions {
  /** Whether this POST or QUERY is looked up, and its response stored, by its body; in place of what the cache's own `byBody` says. */
  readonly byBody?: boolean;
  /** How the cache treats this request, in place of what the cache's own `mode` says. */
  readonly mode?: CacheMode;
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
  checkKnown(value, ['mode', 'byBody'], 'httpCache');
  const mode = checkOneOf<CacheMode>(Reflect.get(value, 'mode'), 'httpCache.mode', cacheModes);
  const byBody = checkBoolean(Reflect.get(value, 'byBody'), 'httpCache.byBody');
  return { ...(mode === undefined ? {} : { mode }), ...(byBody === undefined ? {} : { byBody }) };
}
