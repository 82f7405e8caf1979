import { Agent as HttpAgent, request } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';

type Made = (error: Error | null, socket: Socket) => void;

/** Asks a proxy for a tunnel. */
function tunnel(
  port: number,
  to: { host?: string | null | undefined; port?: string | number | null | undefined },
  made: (socket: Socket) => void,
): void {
  request({ host: '127.0.0.1', port, method: 'CONNECT', path: `${to.host}:${to.port}` })
    .once('connect', (_response, socket: Socket) => made(socket))
    .end();
}

/** Makes agents that reach origins through the tunnels of a proxy on the loopback interface, as hpagent and others do. */
export function proxyAgents(port: number): { readonly http: HttpAgent; readonly https: HttpsAgent } {
  const http = new HttpAgent();
  http.createConnection = (options, made?: Made) => {
    tunnel(port, options, (socket) => made?.(null, socket));
    return undefined;
  };
  const https = new HttpsAgent();
  const connect = https.createConnection.bind(https);
  https.createConnection = (options, made?: Made) => {
    tunnel(port, options, (socket) => made?.(null, connect({ ...options, socket } as never) as Socket));
    return undefined;
  };
  return { http, https };
}
