import type { Socket } from 'node:net';

/**
 * follow-redirects has a connection destroyed that was silent for as long as its caller says. Others may share what comes
 * over it, so it is that caller's request that has to go. To be called when it has seen the connection.
 */
export function ownSilence(
  socket: Socket,
  request: {
    readonly destroyed: boolean;
    destroy(): unknown;
    once(event: 'close', listener: () => void): unknown;
  },
): void {
  const listeners = socket.listeners('timeout');
  const destroy = listeners.find((one): one is () => void => one === Reflect.get(socket, 'destroy'));
  if (destroy === undefined) return;
  socket.removeListener('timeout', destroy);
  if (request.destroyed) {
    socket.setTimeout(0);
    return;
  }
  const silent = (): void => void request.destroy();
  socket.on('timeout', silent);
  request.once('close', () => socket.removeListener('timeout', silent));
}
