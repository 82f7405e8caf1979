import { startForwardProxy, type ForwardProxy } from '../helpers/forward-proxy.ts';
import { originRoutes } from '../helpers/origin-routes.ts';
import { startOrigin, type Origin, type ReceivedRequest } from '../helpers/origin.ts';
import { startSilentServer, type SilentServer } from '../helpers/silent-server.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { startTlsOrigin } from '../helpers/tls-origin.ts';

/** The servers of a scenario. They are the same in each of its runs, for their addresses show in what is compared. */
export interface Backdrop extends AsyncDisposable {
  /** An origin with the ready routes. */
  readonly origin: Origin;
  /** Another one, for what crosses origins. */
  readonly elsewhere: Origin;
  /** A third one, listening on the unix socket at this path. */
  readonly unixOrigin: () => Promise<{ readonly socketPath: string }>;
  /** One that speaks HTTP/2 and HTTP/1.1 over TLS. */
  readonly tlsOrigin: () => Promise<Origin>;
  /** A forward proxy. */
  readonly proxy: () => Promise<ForwardProxy>;
  /** A server that takes connections and says nothing. */
  readonly silentServer: () => Promise<SilentServer>;
  /** What all the origins received since the start or the last `reset`. */
  readonly asked: () => readonly ReceivedRequest[];
  /** Has the origins forget that. */
  readonly reset: () => void;
}

/** Starts the two origins; the other servers start when they are first asked for. */
export async function openBackdrop(): Promise<Backdrop> {
  const origin = await startOrigin(originRoutes);
  const elsewhere = await startOrigin(originRoutes);
  const opened: AsyncDisposable[] = [origin, elsewhere];
  const origins: Pick<Origin, 'requests' | 'reset'>[] = [origin, elsewhere];
  const kept = <Server extends AsyncDisposable>(start: () => Promise<Server>): (() => Promise<Server>) => {
    let server: Promise<Server> | undefined;
    return async () => {
      server ??= start().then((started) => {
        opened.push(started);
        return started;
      });
      return server;
    };
  };
  return {
    origin,
    elsewhere,
    unixOrigin: kept(async () => {
      const folder = await tempDir();
      const socketPath = `${folder.path}/origin.sock`;
      const listening = await startOrigin(originRoutes, { socketPath });
      origins.push(listening);
      return {
        socketPath,
        [Symbol.asyncDispose]: async () => {
          await listening.close();
          await folder[Symbol.asyncDispose]();
        },
      };
    }),
    tlsOrigin: kept(async () => {
      const listening = await startTlsOrigin();
      origins.push(listening);
      return listening;
    }),
    proxy: kept(startForwardProxy),
    silentServer: kept(startSilentServer),
    asked: () => origins.flatMap((one) => one.requests()),
    reset: () => origins.forEach((one) => one.reset()),
    [Symbol.asyncDispose]: async () => {
      for (const server of opened) await server[Symbol.asyncDispose]();
    },
  };
}
