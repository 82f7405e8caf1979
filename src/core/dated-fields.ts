import { hasField } from './fields.ts';
import type { FieldLines } from './message.ts';

/**
 * The fields of a response that is about to be stored, with a `Date` where the origin sent none (RFC 9110 §6.6.1).
 *
 * @param receivedAt - When it was received, in milliseconds since 1970.
 */
export function datedFields(headers: FieldLines, receivedAt: number): FieldLines {
  return hasField(headers, 'date') ? headers : [...headers, ['Date', new Date(receivedAt).toUTCString()]];
}
