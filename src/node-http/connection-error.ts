/** Codes with which Node says that a host could not be reached, or went away before it answered. */
const codes: ReadonlySet<unknown> = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/**
 * Whether an error means that the origin could not be reached (RFC 9111 §4.2.4), and not that it could but said
 * something wrong, such as a certificate that does not hold.
 */
export function isConnectionError(error: Error): boolean {
  return codes.has(Reflect.get(error, 'code'));
}
