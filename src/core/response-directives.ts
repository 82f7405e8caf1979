import { parseCacheControl, type Directives } from './cache-control.ts';
import { fieldValue, fieldValues, hasField } from './fields.ts';
import type { FieldLines } from './message.ts';
import type { CacheRules } from './rules.ts';
import { isUnderstoodStatus } from './status.ts';
import { parseTargetedField } from './targeted-field.ts';

/**
 * The cache directives of a response: those of the first field of the target list that can be read (RFC 9213 §2.2), or of
 * `Cache-Control` (RFC 9111 §5.2.2). `Pragma: no-cache` counts where these are absent: §5.4 gives it no meaning there, but
 * who sends it does not want reuse.
 */
export function responseDirectives(
  headers: FieldLines,
  rules: Pick<CacheRules, 'targetedCacheControl'>,
): Directives {
  for (const name of rules.targetedCacheControl) {
    const field = fieldValue(headers, name);
    const directives = field === undefined ? undefined : parseTargetedField(field);
    if (directives !== undefined) return { ...directives, targeted: true };
  }
  const directives = parseCacheControl(fieldValues(headers, 'cache-control'));
  if (hasField(headers, 'cache-control') || !hasField(headers, 'pragma')) return directives;
  const { noCache } = parseCacheControl(fieldValues(headers, 'pragma'));
  return { ...directives, noCache };
}

/** Whether `no-store` binds: not where `must-understand` comes with a status that is understood (RFC 9111 §5.2.2.3). */
export function forbidsStorage(directives: Directives, status: number): boolean {
  return directives.noStore && !(directives.mustUnderstand && isUnderstoodStatus(status));
}
