import type { ClientRequest, IncomingMessage } from 'node:http';

/** Whether an origin's message that has ended is all there, by the wire's own rules. */
export function isWhole(origin: IncomingMessage): boolean {
  return origin.complete && !wasReset(origin) && !wasCutOff(origin);
}

/** An HTTP/2 stream that was reset looks like one that ended, but for its code. */
function wasReset(origin: IncomingMessage): boolean {
  const request: Partial<ClientRequest & { _request: { rstCode?: number } }> | undefined = Reflect.get(
    origin,
    'req',
  );
  return (request?._request?.rstCode ?? 0) !== 0;
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
