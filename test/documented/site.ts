import { startForwardProxy } from '../helpers/forward-proxy.ts';
import { startOrigin, type ReceivedRequest } from '../helpers/origin.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { siteRoutes } from './site-routes.ts';

/** The servers that the examples ask. */
export interface Site extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** The same site at another origin. */
  readonly elsewhere: string;
  /** The site over TLS, with HTTP/2 or HTTP/1.1. */
  readonly secure: string;
  /** The unix socket on which the site listens, too. */
  readonly socketPath: string;
  /** The port of a forward proxy. */
  readonly proxyPort: number;
  /** What was received since the last `reset`, by whichever server. */
  readonly asked: () => readonly ReceivedRequest[];
  /** Resolves once the site received as many requests for the path. */
  readonly received: (path: string, count?: number) => Promise<void>;
  /** Forgets that, and lets go of what still waits. */
  readonly reset: () => void;
}

/** Starts all the servers; dispose of them with `await using` or by hand. */
export async function openSite(): Promise<Site> {
  const folder = await tempDir();
  const socketPath = `${folder.path}/site.sock`;
  const origin = await startOrigin(siteRoutes);
  const elsewhere = await startOrigin(siteRoutes);
  const onSocket = await startOrigin(siteRoutes, { socketPath });
  const secure = await startOrigin(siteRoutes, { secure: true });
  const proxy = await startForwardProxy();
  return {
    url: origin.url,
    elsewhere: elsewhere.url,
    secure: secure.url,
    socketPath,
    proxyPort: proxy.port,
    asked: () => [origin, elsewhere, onSocket, secure].flatMap((server) => server.requests()),
    received: (path, count) => origin.received(path, count),
    reset: () => [origin, elsewhere, onSocket, secure].forEach((server) => server.reset()),
    [Symbol.asyncDispose]: async () => {
      for (const server of [proxy, secure, onSocket, elsewhere, origin, folder]) {
        await server[Symbol.asyncDispose]();
      }
    },
  };
}
