import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createSecureServer } from 'node:http2';
import type { Server, Socket } from 'node:net';
import { Gate } from './gate.ts';
import { loopbackCertificate } from './loopback-certificate.ts';

/** One request that an origin received. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query, as sent. */
  readonly target: string;
  /** The field lines, in the order and case they were sent. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** What a route is given. */
export interface OriginCall {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The `Date` that the response is to carry; `send` and `writeHead` see to it. */
  readonly date: string;
  readonly query: URLSearchParams;
  /** 1 for the first request for this path since the start or the last `reset`. */
  readonly nth: number;
  /** Resolves when the test calls `goOn`. */
  readonly toldToGoOn: Promise<void>;
}

/** Answers the requests for one path. */
export type Route = (call: OriginCall) => void | Promise<void>;

/** A real HTTP server on the loopback interface. */
export interface Origin extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`, or `https:` where it is secure, without a slash at the end. */
  readonly url: string;
  /** Adds a route, or replaces it. Paths are without the query. */
  route(path: string, route: Route): void;
  /** What was received since the start or the last `reset`, for one path or for all. */
  requests(path?: string): readonly ReceivedRequest[];
  /** How many requests that were. */
  count(path?: string): number;
  /** Resolves once `count` requests for the path were received. */
  received(path: string, count?: number): Promise<void>;
  /** Lets every answer that waits for it go on. */
  goOn(): void;
  /** Forgets the requests, and lets go of what still waits. */
  reset(): void;
  /** Cuts all connections and stops listening, so that the next request is refused. */
  close(): Promise<void>;
}

/** How an origin is set up. */
export interface OriginOptions {
  /**
   * The `Date` of every response, or of each response when its request comes; by default the second in which the origin
   * was started.
   */
  readonly date?: Date | (() => Date);
  /** Listen on this unix socket instead of a port. */
  readonly socketPath?: string;
  /**
   * Speak HTTP/2 and HTTP/1.1 over TLS, with the certificate for the loopback interface, and ask for the client's, which
   * may be any. What routes are given is then of Node's compatibility API for HTTP/2.
   */
  readonly secure?: boolean;
}

/**
 * Starts an origin; dispose of it with `await using`. All responses have the same `Date`, so that two runs of one
 * request compare equal, unless it is asked for each time. A path without a route is a 404 that no cache stores; a route that throws cuts the connection.
 */
export async function startOrigin(
  routes: Readonly<Record<string, Route>> = {},
  options: OriginOptions = {},
): Promise<Origin> {
  const { date: given = new Date() } = options;
  const date = (): string => (given instanceof Date ? given : given()).toUTCString();
  const table = new Map(Object.entries(routes));
  let received: { readonly path: string; readonly request: ReceivedRequest }[] = [];
  let waiting: { readonly path: string; readonly count: number; readonly resolve: () => void }[] = [];
  let gate = new Gate();

  const count = (path?: string): number => requests(path).length;
  const requests = (path?: string): ReceivedRequest[] =>
    received.filter((one) => path === undefined || one.path === path).map((one) => one.request);

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const target = request.url ?? '/';
    const { pathname: path, searchParams: query } = new URL(target, 'http://origin.test');
    received.push({
      path,
      request: { method: request.method ?? '', target, headers: pairs(request.rawHeaders) },
    });
    waiting = waiting.filter((one) => {
      if (one.path !== path || count(path) < one.count) return true;
      one.resolve();
      return false;
    });
    const route = table.get(path) ?? notFound;
    const call = { request, response, date: date(), query, nth: count(path), toldToGoOn: gate.opened };
    Promise.resolve(call)
      .then(route)
      .catch(() => response.destroy());
  };
  const server = openServer(options.secure === true);
  const sockets = new Set<Socket>();
  server.on('request', answer);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(options.socketPath ?? { host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const address = server.address();
  const scheme = options.secure === true ? 'https' : 'http';
  const url =
    typeof address === 'object' && address !== null
      ? `${scheme}://127.0.0.1:${address.port}`
      : `${scheme}://localhost`;

  const goOn = (): void => {
    gate.open();
    gate = new Gate();
  };
  const close = async (): Promise<void> => {
    goOn();
    if (!server.listening) return;
    server.close();
    for (const socket of sockets) socket.destroy();
    await once(server, 'close');
  };
  return {
    url,
    route: (path, route) => void table.set(path, route),
    requests,
    count,
    received: (path, wanted = 1) =>
      count(path) >= wanted
        ? Promise.resolve()
        : new Promise((resolve) => void waiting.push({ path, count: wanted, resolve })),
    goOn,
    reset: () => {
      goOn();
      received = [];
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function openServer(isSecure: boolean): Server {
  return isSecure
    ? createSecureServer({
        ...loopbackCertificate,
        allowHTTP1: true,
        requestCert: true,
        rejectUnauthorized: false,
      })
    : createServer({ keepAliveTimeout: 60_000, requireHostHeader: false });
}

const notFound: Route = ({ response, date }) => {
  response.writeHead(404, { Date: date, 'Cache-Control': 'no-store' }).end();
};

/** Field lines out of Node's flat `rawHeaders`. */
export function pairs(flat: readonly string[]): (readonly [name: string, value: string])[] {
  return flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? ''] as const] : []));
}
