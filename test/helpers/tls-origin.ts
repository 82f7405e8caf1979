import { originRoutes } from './origin-routes.ts';
import { startOrigin, type Origin } from './origin.ts';
import { fresh, send } from './reply.ts';

/**
 * Starts an origin that speaks HTTP/2 and HTTP/1.1 over TLS, with the ready routes, and fresh JSON at its root. Dispose
 * of it with `await using`.
 */
export async function startTlsOrigin(): Promise<Origin> {
  return startOrigin(
    {
      ...originRoutes,
      '/': (call) => send(call, { headers: [['Content-Type', 'application/json'], fresh], body: '{}' }),
    },
    { secure: true },
  );
}
