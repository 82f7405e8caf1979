import { fieldValue } from './fields.ts';
import { parseHttpDate } from './http-date.ts';
import type { FieldLines, ResponseHead } from './message.ts';

/** A strong entity tag (RFC 9110 §8.8.3). */
const strongTag = /^"[\u0021\u0023-\u007E\u0080-\u00FF]*"$/;

/** The least time from `Last-Modified` to `Date` that makes a strong validator of the former (RFC 9110 §8.8.2.2). */
const strongAfterMs = 1000;

/**
 * Whether a stored response is still the one that `If-Range` is about, so that a part of it goes with the parts that the
 * caller has (RFC 9110 §13.1.5). Both kinds of validator must match exactly, and be strong.
 *
 * @param now - Milliseconds since 1970.
 */
export function meetsIfRange(condition: string, head: ResponseHead, now: number): boolean {
  if (strongTag.test(condition)) return condition === fieldValue(head.headers, 'etag');
  return condition === fieldValue(head.headers, 'last-modified') && isModifiedLongBefore(head.headers, now);
}

/** §8.8.2.2: what is dated in the second in which it was modified may have changed once more in that second. */
function isModifiedLongBefore(headers: FieldLines, now: number): boolean {
  const modified = timeIn(headers, 'last-modified', now);
  const date = timeIn(headers, 'date', now);
  return modified !== undefined && date !== undefined && date - modified >= strongAfterMs;
}

function timeIn(headers: FieldLines, lowerName: string, now: number): number | undefined {
  const value = fieldValue(headers, lowerName);
  return value === undefined ? undefined : parseHttpDate(value, now);
}
