import { parseCacheControl, type Directives } from './cache-control.ts';
import { fieldValues, hasField } from './fields.ts';
import type { FieldLines } from './message.ts';
import { isUnderstoodStatus } from './status.ts';

/**
 * The cache directives of a response (RFC 9111 §5.2.2). `Pragma: no-cache` counts where `Cache-Control` is absent: §5.4
 * gives it no meaning there, but who sends it does not want reuse.
 */
export function responseDirectives(headers: FieldLines): Directives {
  const directives = parseCacheControl(fieldValues(headers, 'cache-control'));
  if (hasField(headers, 'cache-control') || !hasField(headers, 'pragma')) return directives;
  return { ...directives, noCache: parseCacheControl(fieldValues(headers, 'pragma')).noCache };
}

/** Whether `no-store` binds: not where `must-understand` comes with a status that is understood (RFC 9111 §5.2.2.3). */
export function forbidsStorage(directives: Directives, status: number): boolean {
  return directives.noStore && !(directives.mustUnderstand && isUnderstoodStatus(status));
}
