import type { Readable } from 'node:stream';
import type { FieldLines } from '../core/message.ts';
import type { Incoming } from './incoming.ts';

/** A response on its way into the store that other requests may share. */
export interface SharedResponse {
  /** The response. */
  readonly incoming: Incoming;
  /** Its body from the first byte: what was written of it, and what will be; `undefined` when that is not to be had (any more). */
  follow(): Readable | undefined;
  /** The trailer section; empty until the body came to its end. */
  readonly trailers: FieldLines;
}
