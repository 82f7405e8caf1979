import { Readable } from 'node:stream';
import type { BodySlice } from './byte-range.ts';

/** Chunks of a streamed body: large enough to be few, small enough that a slow reader holds little. */
const CHUNK_SIZE = 64 * 1024;

/** Streams copies of part of a body in memory, each made when it is asked for. */
export function streamBytes(body: Buffer, { from, to }: BodySlice): Readable {
  let position = from;
  return new Readable({
    highWaterMark: CHUNK_SIZE,
    read() {
      if (position < to) {
        const next = Math.min(position + CHUNK_SIZE, to);
        const chunk = Buffer.from(body.subarray(position, next));
        position = next;
        this.push(chunk);
      }
      if (position === to) this.push(null);
    },
  });
}
