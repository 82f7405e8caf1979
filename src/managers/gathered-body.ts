import { Readable } from 'node:stream';
import { nextTick } from './next-tick.ts';

/** Chunks are kept in pieces of this many bytes at most, so that a reader holds little that it has not read. */
const pieceSize = 64 * 1024;

const nothing = Buffer.alloc(0);

/** A body that is gathered in memory, piece by piece, and can be read meanwhile. */
export class GatheredBody {
  readonly #pieces: Buffer[] = [];
  readonly #waiting = new Set<() => void>();
  #size = 0;
  #end: 'whole' | Error | undefined;

  /** How many bytes there are. */
  get size(): number {
    return this.#size;
  }

  /** Adds a copy of a chunk. */
  append(chunk: Uint8Array): void {
    for (let start = 0; start < chunk.byteLength; start += pieceSize) {
      this.#pieces.push(Buffer.from(chunk.subarray(start, start + pieceSize)));
    }
    this.#size += chunk.byteLength;
    this.#wake();
  }

  /** All of it as one. */
  joined(): Buffer {
    return Buffer.concat(this.#pieces, this.#size);
  }

  /** Says that it is whole. Readers end behind its last byte. */
  end(): void {
    this.#end ??= 'whole';
    this.#wake();
  }

  /** Says that no more will come, unless it is whole. Readers fail behind its last byte. */
  fail(error: Error): void {
    this.#end ??= error;
    this.#wake();
  }

  /** Reads it from byte `start` on: copies of what is there, and then of what comes, as they are consumed. */
  follow(start: number): Readable {
    let index = 0;
    let toSkip = start;
    const goOn = (): void => {
      if (stream.destroyed) return;
      for (let piece = this.#pieces[index]; piece !== undefined; piece = this.#pieces[index]) {
        index++;
        const copy = Buffer.from(piece.subarray(toSkip));
        toSkip = Math.max(0, toSkip - piece.length);
        if (copy.length === 0) continue;
        stream.push(copy);
        return;
      }
      if (this.#end === undefined) this.#waiting.add(goOn);
      else if (this.#end === 'whole') stream.push(null);
      // Destroying throws away what was pushed and not read yet; an empty chunk makes the stream ask again.
      else if (stream.readableLength > 0) stream.push(nothing);
      else stream.destroy(this.#end);
    };
    const stream = new Readable({
      highWaterMark: pieceSize,
      read: goOn,
      destroy: (error, callback) => {
        this.#waiting.delete(goOn);
        callback(error);
      },
    });
    return stream;
  }

  #wake(): void {
    // In turns of their own: what a reader does with its bytes, or fails at, is not the writer's business.
    for (const goOn of this.#waiting) nextTick(goOn);
    this.#waiting.clear();
  }
}
