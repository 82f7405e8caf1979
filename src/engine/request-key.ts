import { primaryKey, type CustomKey } from '../core/cache-key.ts';
import type { RequestHead } from '../core/message.ts';
import { HttpCacheError } from '../errors.ts';
import { show } from './check-option.ts';
import type { EngineContext } from './context.ts';

/** The key of a request. */
export interface RequestKey {
  /** The primary key of its target URI. */
  readonly primary: string;
  /** What the option `cacheKey` gave. */
  readonly custom: CustomKey | undefined;
}

/** The key of a request; `undefined` when the option `cacheKey` failed, which is reported. */
export function requestKey(context: EngineContext, request: RequestHead): RequestKey | undefined {
  const { cacheKey } = context.options;
  if (cacheKey === undefined) return { primary: primaryKey(request.url), custom: undefined };
  return context.callback('cacheKey', () => {
    const custom = checkCustomKey(cacheKey(request));
    return { primary: primaryKey(request.url, custom), custom };
  });
}

function checkCustomKey(custom: CustomKey | undefined): CustomKey | undefined {
  if (custom === undefined || typeof custom === 'string') return custom;
  if (typeof custom === 'object' && custom !== null && typeof custom.suffix === 'string') return custom;
  throw new HttpCacheError(
    'ERR_HTTP_CACHE_CALLBACK',
    `it gave ${show(custom)}: give a URI, { suffix } with a string, or undefined`,
  );
}
