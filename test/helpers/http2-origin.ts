import { once } from 'node:events';
import { createSecureServer, type ServerHttp2Session } from 'node:http2';
import { loopbackCertificate } from './loopback-certificate.ts';

/** An origin that speaks HTTP/2 over TLS, with the certificate for the loopback interface. */
export interface Http2Origin extends AsyncDisposable {
  /** `https://127.0.0.1:<port>`. */
  readonly url: string;
  /** How many requests it received. */
  count(): number;
}

/** Starts an origin that answers every request over HTTP/2 with fresh JSON; dispose of it with `await using`. */
export async function startHttp2Origin(): Promise<Http2Origin> {
  const date = new Date().toUTCString();
  const sessions = new Set<ServerHttp2Session>();
  let received = 0;
  const server = createSecureServer(loopbackCertificate);
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, headers) => {
    received += 1;
    stream.respond({
      ':status': 200,
      'content-type': 'application/json',
      'cache-control': 'max-age=3600',
      date,
    });
    stream.end(JSON.stringify({ method: headers[':method'], target: headers[':path'] }));
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `https://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    count: () => received,
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const session of sessions) session.destroy();
      await once(server, 'close');
    },
  };
}
