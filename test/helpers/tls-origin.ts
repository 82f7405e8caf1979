import type { PeerCertificate } from 'node:tls';
import { originRoutes } from './origin-routes.ts';
import { startOrigin, type Origin } from './origin.ts';
import { text } from './payloads.ts';
import { fresh, send } from './reply.ts';

/**
 * Starts an origin that speaks HTTP/2 and HTTP/1.1 over TLS, with the ready routes, fresh JSON at its root,
 * and at `/who` the name in the client's certificate. Dispose of it with `await using`.
 */
export async function startTlsOrigin(): Promise<Origin> {
  return startOrigin(
    {
      ...originRoutes,
      '/who': (call) => {
        const { subject } = peerCertificate(call.request.socket);
        send(call, { headers: [text, fresh], body: `hello ${subject?.CN ?? 'whoever you are'}` });
      },
      '/': (call) => send(call, { headers: [['Content-Type', 'application/json'], fresh], body: '{}' }),
    },
    { secure: true },
  );
}

/** The certificate that a client has shown; an empty object where there is none. */
function peerCertificate(socket: object): Partial<PeerCertificate> {
  return Reflect.apply(Reflect.get(socket, 'getPeerCertificate'), socket, []);
}
