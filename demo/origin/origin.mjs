// @ts-check
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Ledger } from './ledger.mjs';
import { makeRoutes } from './routes.mjs';

/** How long the origin takes before it answers, in milliseconds: a network's way there and back. */
export const latencyMs = 15;

/**
 * One request that reached the origin.
 *
 * @typedef {object} Exchange
 * @property {string} path
 * @property {number} status
 * @property {number} freshForMs For how much longer what it asked for was fresh.
 * @property {boolean} needless Whether it asked for a whole that it could have asked about.
 */

/** @typedef {Awaited<ReturnType<typeof startOrigin>>} Origin */

/** Starts a real origin on the loopback interface, which counts on its side of the wire. */
export async function startOrigin() {
  const routes = makeRoutes();
  let ledger = new Ledger();
  /** @type {Exchange[]} */
  let exchanges = [];
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set();

  /** @type {import('node:http').RequestListener} */
  const respond = (request, response) => {
    const path = request.url ?? '/';
    const asked = { path, headers: request.headers };
    request.resume();
    const answer = routes.get(path)?.(request);
    if (answer === undefined) {
      response.writeHead(404).end();
      return;
    }
    const isGet = request.method === 'GET';
    const confirmed = isGet && confirms(request.headers, answer.headers);
    const conditional = 'if-none-match' in request.headers || 'if-modified-since' in request.headers;
    const status = confirmed ? 304 : answer.status;
    exchanges.push({
      path,
      status,
      freshForMs: isGet ? ledger.freshForMs(asked) : 0,
      needless: isGet && !conditional && ledger.hasValidator(asked),
    });
    if (!isGet) ledger.changed(path);
    ledger.sent(asked, answer);
    if (confirmed) response.writeHead(304, answer.headers).end();
    else
      response
        .writeHead(status, { ...answer.headers, 'Content-Length': answer.body.length })
        .end(answer.body);
  };
  const server = createServer((request, response) => {
    setTimeout(respond, latencyMs, request, response);
  });
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;

  return {
    url: `http://127.0.0.1:${port}`,
    /** What the origin knows of what it sent since the last `forget`. */
    ledger: () => ledger,
    /** All bytes that it has sent, heads included. */
    bytesSent: () => [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, 0),
    /** The requests that reached it since this was last called. */
    takeExchanges() {
      const taken = exchanges;
      exchanges = [];
      return taken;
    },
    /** Forgets what it sent, for a cache that is empty. */
    forget() {
      ledger = new Ledger();
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/**
 * Whether a conditional request asks about what would be sent (RFC 9110 §13.2.2).
 *
 * @param {import('node:http').IncomingHttpHeaders} asked
 * @param {Readonly<Record<string, string>>} current
 */
function confirms(asked, current) {
  const tags = asked['if-none-match'];
  if (tags !== undefined) return tags === current['ETag'];
  return asked['if-modified-since'] !== undefined && asked['if-modified-since'] === current['Last-Modified'];
}
