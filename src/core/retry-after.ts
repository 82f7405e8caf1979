import { deltaSeconds } from './delta-seconds.ts';
import { fieldValues } from './fields.ts';
import { parseHttpDate } from './http-date.ts';
import type { FieldLines } from './message.ts';

/**
 * For how many milliseconds a response asks to be left alone (RFC 9110 §10.2.3); `undefined` where it does not say.
 *
 * @param now - The present in milliseconds since 1970, for a response without a `Date`.
 */
export function retryAfterMs(headers: FieldLines, now: number): number | undefined {
  const [value] = fieldValues(headers, 'retry-after');
  if (value === undefined) return undefined;
  const seconds = deltaSeconds(value);
  if (seconds !== undefined) return seconds * 1000;
  const until = parseHttpDate(value, now);
  if (until === undefined) return undefined;
  const [date = ''] = fieldValues(headers, 'date');
  // By the clock that the origin reckoned with.
  return Math.max(0, until - (parseHttpDate(date, now) ?? now));
}
