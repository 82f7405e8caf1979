import { suffixName } from '../../core/cache-key.ts';
import type { StoredEntry } from '../select/stored-entry.ts';
import type { Masker } from './masking.ts';

/**
 * The request fields that select a stored response (RFC 9111 §4.1), with `cache key` for a suffix that the option `cacheKey`
 * gave, and `credentials` where it answers only the ones it was asked for with.
 */
export function selectedBy(
  { policy }: StoredEntry,
  masker: Masker,
): readonly (readonly [name: string, value: string | null])[] {
  const fields = policy.selecting.map(([name, value]): [string, string | null] => [
    name === suffixName ? 'cache key' : name,
    value === null ? null : masker.field(name, value),
  ]);
  return policy.credentials === null ? fields : [...fields, ['credentials', '(the same)']];
}
