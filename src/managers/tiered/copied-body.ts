import { pipeline, type Readable, Transform } from 'node:stream';
import type { NearFill } from './near-fill.ts';

/** A body on its way from the far store, of which a copy is made; only one that comes to its end is kept. */
export function copiedBody(body: Readable, fill: NearFill): Readable {
  const copied = new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      fill.take(chunk);
      callback(null, chunk);
    },
    flush(callback) {
      fill.end();
      callback();
    },
    destroy(error, callback) {
      // Does nothing once it has ended.
      if (!copied.writableFinished) fill.abandon();
      callback(error);
    },
  });
  // Who reads it hears of its error by the stream itself.
  pipeline(body, copied, () => undefined);
  return copied;
}
