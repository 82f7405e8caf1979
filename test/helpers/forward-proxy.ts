import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** A forward proxy for plain HTTP, and for tunnels, on the loopback interface. */
export interface ForwardProxy extends AsyncDisposable {
  readonly port: number;
}

/**
 * Starts a proxy that sends requests in absolute form on to where they say, and tunnels what is asked for by CONNECT.
 * Dispose of it with `await using`.
 */
export async function startForwardProxy(): Promise<ForwardProxy> {
  const server = createServer((incoming, answer) => {
    const onward = request(incoming.url ?? '', {
      method: incoming.method ?? 'GET',
      headers: incoming.headers,
    });
    onward.on('response', (response) => {
      answer.sendDate = false;
      answer.writeHead(response.statusCode ?? 502, response.statusMessage ?? '', response.rawHeaders);
      response.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    incoming.pipe(onward);
  });
  const tunnels = new Set<Duplex>();
  server.on('connect', (asked, near: Duplex) => {
    const { hostname, port } = new URL(`http://${asked.url}`);
    const far: Socket = connect(Number(port), hostname, () => {
      near.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      near.pipe(far).pipe(near);
    });
    for (const end of [near, far]) {
      tunnels.add(end);
      end.on('error', () => end.destroy());
      end.once('close', () => tunnels.delete(end));
    }
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      for (const end of tunnels) end.destroy();
      await once(server, 'close');
    },
  };
}
