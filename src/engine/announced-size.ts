import { fieldValue } from '../core/fields.ts';
import type { ResponseHead } from '../core/message.ts';

/** The length that a response's body has to have on the wire; `undefined` where its framing says it otherwise. */
export function announcedSize(method: string, head: ResponseHead): number | undefined {
  if (method === 'HEAD') return 0;
  const length = fieldValue(head.headers, 'content-length');
  if (length === undefined || fieldValue(head.headers, 'transfer-encoding') !== undefined) return undefined;
  return /^\d+$/.test(length) ? Number(length) : undefined;
}
