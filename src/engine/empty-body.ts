import { Readable } from 'node:stream';

/** A body of no bytes. */
export function emptyBody(): Readable {
  return Readable.from([], { objectMode: false });
}
