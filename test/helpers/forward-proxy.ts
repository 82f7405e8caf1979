import { once } from 'node:events';
import { createServer, request } from 'node:http';

/** A forward proxy for plain HTTP on the loopback interface. */
export interface ForwardProxy extends AsyncDisposable {
  readonly port: number;
}

/** Starts a proxy that sends requests in absolute form on to where they say; dispose of it with `await using`. */
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
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
