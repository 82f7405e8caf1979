import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Route } from '../helpers/origin.ts';
import { fresh, send, writeHead } from '../helpers/reply.ts';
import { bodyOf } from './bodies.ts';

/** A large body is this, again and again. */
export const block: Buffer = bodyOf(1_000_000);

/** The length of a large body in bytes. */
export const largeSize: number = 256 * block.length;

const large =
  (announced: boolean): Route =>
  async (call) => {
    const length = announced ? [['Content-Length', String(largeSize)] as const] : [];
    writeHead(call, { headers: [fresh, ...length] });
    await pipeline(Readable.from(blocks()), call.response);
  };

/** Bodies of 256 MB, and small ones. */
export const largeRoutes: Readonly<Record<string, Route>> = {
  '/announced': large(true),
  '/chunked': large(false),
  '/small': (call) => send(call, { headers: [fresh], body: 'small' }),
};

function* blocks(): Generator<Buffer> {
  for (let sent = 0; sent < largeSize; sent += block.length) yield block;
}
