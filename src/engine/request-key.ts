import { primaryKey, type CustomKey } from '../core/cache-key.ts';
import type { RequestHead } from '../core/message.ts';
import { HttpCacheError } from '../errors.ts';
import { fieldsSuffix, type KeyRules } from './cache-key-rules.ts';
import { show } from './check-option.ts';
import type { EngineContext } from './context.ts';

/** The key of a request. */
export interface RequestKey {
  /** The primary key of its target URI. */
  readonly primary: string;
  /** What the option `cacheKey` gave. */
  readonly custom: CustomKey | undefined;
  /** The request fields that it is made from, too. */
  readonly fields: readonly string[];
}

const noFields: readonly string[] = [];

/** The key of a request; `undefined` when the option `cacheKey` failed, which is reported. */
export function requestKey(context: EngineContext, request: RequestHead): RequestKey | undefined {
  const { cacheKey } = context.options;
  if (cacheKey === undefined)
    return { primary: primaryKey(request.url), custom: undefined, fields: noFields };
  if (typeof cacheKey === 'object') return keyByRules(cacheKey, request);
  return context.callback('cacheKey', () => {
    const custom = checkCustomKey(cacheKey(request));
    return { primary: primaryKey(request.url, custom), custom, fields: noFields };
  });
}

function keyByRules({ url, fields }: KeyRules, request: RequestHead): RequestKey {
  const primary = primaryKey(url === undefined ? request.url : url(request.url));
  const custom = fields.length === 0 ? undefined : { suffix: fieldsSuffix(fields, request) };
  return { primary, custom, fields };
}

function checkCustomKey(custom: CustomKey | undefined): CustomKey | undefined {
  if (custom === undefined || typeof custom === 'string') return custom;
  if (typeof custom === 'object' && custom !== null && typeof custom.suffix === 'string') return custom;
  throw new HttpCacheError(
    'ERR_HTTP_CACHE_CALLBACK',
    `it gave ${show(custom)}: give a URI, { suffix } with a string, or undefined`,
  );
}
