import type { CacheMode } from '../core/cache-mode.ts';
import { hasField } from '../core/fields.ts';
import type { FieldLines } from '../core/message.ts';

/** The fields that a mode adds to a request for the origin, as the Fetch standard does: none that the caller set. */
export function forwardFields(headers: FieldLines, mode: CacheMode): FieldLines {
  if ((mode !== 'reload' && mode !== 'no-cache') || hasField(headers, 'cache-control')) return [];
  if (mode === 'no-cache') return [['Cache-Control', 'max-age=0']];
  return hasField(headers, 'pragma')
    ? [['Cache-Control', 'no-cache']]
    : [
        ['Cache-Control', 'no-cache'],
        ['Pragma', 'no-cache'],
      ];
}
