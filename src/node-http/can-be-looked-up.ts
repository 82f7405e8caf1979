import type { FieldLines } from '../core/message.ts';

/**
 * Whether it is worth waiting for the end of a request before opening it: what else than a GET or HEAD comes can be no
 * hit, and an expectation or an upgrade (RFC 9110 §10.1.1, §7.8) is between the caller and the origin.
 */
export function canBeLookedUp(method: string, headers: FieldLines): boolean {
  return (method === 'GET' || method === 'HEAD') && !isExpecting(headers);
}

/** Whether a request has an expectation, or asks for an upgrade. */
export function isExpecting(headers: FieldLines): boolean {
  return headers.some(([name]) => {
    const { length } = name;
    return (length === 6 || length === 7) && /^(?:expect|upgrade)$/i.test(name);
  });
}
