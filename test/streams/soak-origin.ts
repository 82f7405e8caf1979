import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { bodyOf } from './bodies.ts';

/** An origin that answers any number of requests. */
export interface SoakOrigin extends AsyncDisposable {
  readonly url: string;
  /** Connections that are open. */
  connections(): Promise<number>;
}

/** What is asked for: `/<kind>/<number>`. */
export interface Resource {
  readonly kind: string;
  readonly number: number;
}

/** The body of a resource: another one for each resource and language. */
export function soakBody({ kind, number }: Resource, language = ''): Buffer {
  const size = kind === 'large' ? 200_000 + number : 100 + ((number * 977) % 20_000);
  return bodyOf(size, number * 31 + kind.length * 7919 + language.charCodeAt(0) * 104_729);
}

type Answer = (response: ServerResponse, resource: Resource, request: IncomingMessage) => void;

const whole =
  (status: number, headers: Readonly<Record<string, string>>): Answer =>
  (response, resource) => {
    response.writeHead(status, headers).end(soakBody(resource));
  };

const fresh = 'max-age=3600';
const briefly = 'max-age=1';

const answers: Readonly<Record<string, Answer>> = {
  fresh: whole(200, { 'Cache-Control': fresh }),
  large: whole(200, { 'Cache-Control': fresh }),
  brief: whole(200, { 'Cache-Control': briefly, 'Last-Modified': 'Tue, 03 Nov 2026 08:00:00 GMT' }),
  private: whole(200, { 'Cache-Control': 'no-store' }),
  missing: whole(404, { 'Cache-Control': briefly }),
  revalidating: whole(200, { 'Cache-Control': `${briefly}, stale-while-revalidate=3600`, ETag: '"1"' }),
  etag: (response, resource, request) => {
    const headers = { 'Cache-Control': briefly, ETag: `"${resource.number}"` };
    if (request.headers['if-none-match'] === headers.ETag) response.writeHead(304, headers).end();
    else response.writeHead(200, headers).end(soakBody(resource));
  },
  vary: (response, resource, { headers }) => {
    response.writeHead(200, { 'Cache-Control': fresh, Vary: 'Accept-Language' });
    response.end(soakBody(resource, headers['accept-language']));
  },
  gzip: (response, resource) => {
    const body = gzipSync(soakBody(resource));
    response.writeHead(200, {
      'Cache-Control': fresh,
      'Content-Encoding': 'gzip',
      'Content-Length': body.length,
    });
    response.end(body);
  },
  redirect: (response, { number }) => {
    response.writeHead(302, { 'Cache-Control': briefly, Location: `/fresh/${number}` }).end('over there');
  },
  /** Every other answer is an error that the stored response may stand in for. */
  shaky: (response, resource) => {
    shakes += 1;
    if (shakes % 2 === 0) response.writeHead(503, { 'Cache-Control': 'no-store' }).end('down');
    else whole(200, { 'Cache-Control': `${briefly}, stale-if-error=3600` })(response, resource, response.req);
  },
  truncated: (response) => {
    response.writeHead(200, { 'Cache-Control': fresh, 'Content-Length': '50000' });
    response.write(Buffer.alloc(20_000), () => response.socket?.end());
  },
  reset: (response) => void response.socket?.resetAndDestroy(),
  /** Never answers. */
  silent: () => undefined,
  /** Answers a part, and then nothing more. */
  stalling: (response) => {
    response.writeHead(200, { 'Cache-Control': fresh, 'Content-Length': '50000' });
    response.write(Buffer.alloc(20_000));
  },
};
let shakes = 0;

/** Starts it; dispose of it with `await using`. */
export async function startSoakOrigin(): Promise<SoakOrigin> {
  const server = createServer((request, response) => {
    const [, kind = '', number = ''] = request.url?.split('/') ?? [];
    request.resume();
    const resource = { kind, number: Number(number) };
    if (request.method === 'POST') response.writeHead(204).end();
    else answers[kind]?.(response, resource, request);
  });
  // Else it may close a connection just as the next request is on its way, which fails without the cache, too.
  server.keepAliveTimeout = 0;
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
      ),
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
