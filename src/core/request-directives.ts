import { parseCacheControl, type Directives } from './cache-control.ts';
import { fieldValues, hasField } from './fields.ts';
import type { FieldLines } from './message.ts';

/**
 * The cache directives of a request (RFC 9111 §5.2.1); `undefined` when it has none, as most requests do. `Pragma` counts
 * only where `Cache-Control` is absent (§5.4).
 */
export function requestDirectives(headers: FieldLines): Directives | undefined {
  if (hasField(headers, 'cache-control')) return parseCacheControl(fieldValues(headers, 'cache-control'));
  if (!hasField(headers, 'pragma')) return undefined;
  const pragma = parseCacheControl(fieldValues(headers, 'pragma'));
  return pragma.noCache ? { ...parseCacheControl([]), noCache: true } : undefined;
}

/** Whether a request takes a stored response or none (RFC 9111 §5.2.1.7). */
export function wantsOnlyIfCached(headers: FieldLines): boolean {
  return requestDirectives(headers)?.onlyIfCached === true;
}
