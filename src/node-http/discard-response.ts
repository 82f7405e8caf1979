import type { IncomingMessage } from 'node:http';

/** What is read of a response that nobody wants: up to so many bytes in so many milliseconds. */
const maxBytes = 65_536;
const maxMs = 1000;

/**
 * Lets go of an origin's response that the caller will not see. Reading it to its end keeps its connection alive, which
 * is worth a little; when there is more of it than that, the connection is given up.
 */
export function discardResponse(origin: IncomingMessage): void {
  let read = 0;
  const giveUp = (): void => void origin.destroy();
  const timer = setTimeout(giveUp, maxMs).unref();
  const stop = (): void => clearTimeout(timer);
  origin.on('error', stop).on('end', stop).on('close', stop);
  origin.on('data', (chunk: Uint8Array) => {
    read += chunk.length;
    if (read > maxBytes) giveUp();
  });
}
