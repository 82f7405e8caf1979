import type { OriginCall, Route } from './origin.ts';
import { json, jsonText, text } from './payloads.ts';
import { fresh, send, writeHead } from './reply.ts';

/** What goes wrong, or has to be waited for. */
export const faultRoutes: Readonly<Record<string, Route>> = {
  '/truncated': (call) => {
    const { response } = call;
    writeHead(call, { headers: [text, fresh, ['Content-Length', '1000']] });
    response.write('only this', () => response.socket?.end());
  },
  '/cut-chunked': (call) => {
    const { response } = call;
    writeHead(call, { headers: [text, fresh] });
    response.write('only this', () => response.socket?.end());
  },
  '/hang-up': ({ response }) => void response.socket?.destroy(),
  '/reset': ({ response }) => void response.socket?.resetAndDestroy(),
  '/stall-head': async (call) => {
    await call.toldToGoOn;
    send(call, { headers: [text, fresh], body: 'at last' });
  },
  '/stall-body': async (call) => {
    const { response, toldToGoOn } = call;
    writeHead(call, { headers: [text, fresh, ['Content-Length', '16']] });
    response.write('at first');
    await toldToGoOn;
    response.end(' at last');
  },
  '/abandoned': (call) => {
    const { response } = call;
    writeHead(call, { headers: [text, fresh, ['Content-Length', '1000']] });
    response.write('only this', () => response.destroy());
  },
  '/fails-once': (call) =>
    call.nth === 1
      ? send(call, {
          status: Number(call.query.get('code') ?? 500),
          headers: [text, ['Cache-Control', 'no-store'], ...retryAfter(call)],
          body: 'not yet',
        })
      : send(call, {
          headers: [json, ['Cache-Control', call.query.get('cache-control') ?? fresh[1]]],
          body: jsonText,
        }),
};

function retryAfter({ query }: OriginCall): (readonly [name: string, value: string])[] {
  const value = query.get('retry-after');
  return value === null ? [] : [['Retry-After', value]];
}
