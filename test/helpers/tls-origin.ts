import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import type { Socket } from 'node:net';
import { loopbackCertificate } from './loopback-certificate.ts';
import { pairs, type ReceivedRequest } from './origin.ts';

/** An origin that speaks HTTP/2 and HTTP/1.1 over TLS, with the certificate for the loopback interface. */
export interface TlsOrigin extends AsyncDisposable {
  /** `https://127.0.0.1:<port>`. */
  readonly url: string;
  /** What it received since the start or the last `reset`. */
  readonly requests: () => readonly ReceivedRequest[];
  /** Forgets the requests. */
  readonly reset: () => void;
}

/** Starts an origin that answers every request with fresh JSON; dispose of it with `await using`. */
export async function startTlsOrigin(): Promise<TlsOrigin> {
  const date = new Date().toUTCString();
  const sockets = new Set<Socket>();
  let received: ReceivedRequest[] = [];
  const server = createSecureServer({ ...loopbackCertificate, allowHTTP1: true }, (request, response) => {
    received.push({ method: request.method, target: request.url, headers: pairs(request.rawHeaders) });
    response.setHeader('Date', date);
    response.setHeader('Content-Type', 'application/json');
    response.setHeader('Cache-Control', 'max-age=3600');
    response.end(JSON.stringify({ method: request.method, target: request.url }));
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `https://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    requests: () => received,
    reset: () => {
      received = [];
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
