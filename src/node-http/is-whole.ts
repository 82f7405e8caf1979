import type { IncomingMessage } from 'node:http';
import { wasReset } from './stream-reset.ts';

/** Whether an origin's message that has ended is all there, by the wire's own rules. */
export function isWhole(origin: IncomingMessage): boolean {
  return origin.complete && !wasReset(origin) && !wasCutOff(origin);
}

/**
 * RFC 9112 §8: a body that only the end of the connection delimits is incomplete when the connection ended in an error,
 * though Node says that it is complete.
 */
function wasCutOff({ headers, socket }: IncomingMessage): boolean {
  // Mocks have no socket.
  if (!socket?.errored) return false;
  return headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;
}
