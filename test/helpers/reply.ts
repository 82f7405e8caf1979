import { STATUS_CODES } from 'node:http';
import type { OriginCall } from './origin.ts';

/** What a route answers with. */
export interface Reply {
  readonly status?: number;
  readonly statusText?: string;
  /** Field lines in the order they are to be sent; a repeated name gives a repeated field. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Uint8Array;
}

/** Freshness long enough that the next request is a hit. */
export const fresh: readonly [name: string, value: string] = ['Cache-Control', 'max-age=3600'];

/** Writes the head of a reply, and nothing of its body. */
export function writeHead({ request, response, date }: OriginCall, reply: Reply): void {
  const lines = [['Date', date] as const, ...(reply.headers ?? [])];
  const status = reply.status ?? 200;
  // RFC 9113 §8.3.2: HTTP/2 has no status text.
  if (request.httpVersionMajor === 2) response.writeHead(status, lines.flat());
  else response.writeHead(status, reply.statusText ?? STATUS_CODES[status] ?? '', lines.flat());
}

/** Writes a whole reply; a body is sent with its `Content-Length`. */
export function send(call: OriginCall, reply: Reply): void {
  const body = typeof reply.body === 'string' ? Buffer.from(reply.body) : reply.body;
  const length = body === undefined ? [] : [['Content-Length', String(body.byteLength)] as const];
  writeHead(call, { ...reply, headers: [...(reply.headers ?? []), ...length] });
  call.response.end(body);
}
