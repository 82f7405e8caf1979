import { HttpCacheError } from '../errors.ts';
import type { FieldLines } from '../core/message.ts';
import type { CacheWriter, MaybePromise } from '../managers/manager.ts';
import type { BodySink } from './exchange.ts';
import { isPromise } from './maybe-promise.ts';
import { failed, type Failed } from './store.ts';

/** How far the store may lag behind the reader, in bytes. */
const maxLag = 8 * 1024 * 1024;
/** A reader that was held up goes on when the store is this near again, in bytes, so that it is not stopped at every chunk. */
const resumeLag = maxLag / 2;
/** For how long a reader is held up for the store in all, in milliseconds, before the store is dropped. */
const maxPause = 1000;
/** Chunks that the store is not ready for are gathered into blocks of so many bytes at most, or of a larger chunk's length. */
const maxBlock = 256 * 1024;

/** What a store had not taken of a body when it let go of it. */
export interface UntakenBytes {
  /** The position of the first of them. */
  readonly start: number;
  readonly chunks: readonly Buffer[];
}

/** How a sink tells its end. */
export interface SinkOptions {
  /** The length the body has to have, where the head says. */
  readonly expectedSize: number | undefined;
  /** The body came to its end, and is being written. */
  readonly ended: () => void;
  /** The whole body was written, its length is right: to be committed. */
  readonly complete: (
    writer: CacheWriter,
    end: { readonly size: number; readonly trailers: FieldLines },
  ) => void;
  /** The body is not to be stored, because of the store or of the body. The writer, if there was one, was aborted. */
  readonly dropped: (culprit: 'store' | 'body', error: unknown, untaken: UntakenBytes) => void;
  /** Whether others wait for what is written. */
  readonly isWatched: () => boolean;
  /** Looks at each chunk as it passes. */
  readonly see?: ((chunk: Uint8Array) => void) | undefined;
}

/** Copies of chunks, one behind the other, and room for more. */
interface Block {
  readonly room: Buffer;
  filled: number;
}

/**
 * Feeds a writer with what passes by: at most 8 MiB behind, then holding up the reader for at most a second, then
 * letting go of the store. The chunks are copied, because the reader may change what it is given while the store still
 * writes it.
 */
export class StoreSink implements Pick<BodySink, 'write' | 'drained' | 'whenWritten' | 'end' | 'abort'> {
  readonly #options: SinkOptions;
  #writer: CacheWriter | undefined;
  #queue: Block[] = [];
  /** What is being written. */
  #current: Block | undefined;
  /** Blocks that were written and serve again. New ones all the time would keep the garbage collector busy. */
  #spare: Buffer[] = [];
  #lag = 0;
  #size = 0;
  #busy = true;
  #over = false;
  #trailers: FieldLines | undefined;
  #waiting: (() => void) | undefined;
  #onWritten: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pausedAt = 0;
  /** For how long the reader was held up in all, in milliseconds. */
  #paused = 0;

  constructor(writer: MaybePromise<CacheWriter | Failed>, options: SinkOptions) {
    this.#options = options;
    if (isPromise(writer)) void writer.then((opened) => this.#opened(opened));
    else this.#opened(writer);
  }

  write(chunk: Uint8Array): boolean {
    if (this.#over || chunk.byteLength === 0) return true;
    this.#size += chunk.byteLength;
    this.#options.see?.(chunk);
    this.#keep(chunk);
    this.#lag += chunk.byteLength;
    this.#pump();
    return this.#over || this.#lag <= maxLag;
  }

  drained(callback: () => void): void {
    if (this.#over || this.#lag <= maxLag) {
      callback();
      return;
    }
    this.#waiting = callback;
    this.#pausedAt = performance.now();
    this.#dropAfter(maxPause - this.#paused);
  }

  whenWritten(callback: () => void): void {
    if (this.#over || this.#lag === 0) callback();
    else {
      this.#onWritten = callback;
      this.expectProgress();
    }
  }

  end(complete: boolean, trailers: FieldLines): void {
    if (this.#over) return;
    const { expectedSize } = this.#options;
    if (!complete || (expectedSize !== undefined && expectedSize !== this.#size)) {
      const length = expectedSize === undefined ? '' : ` of ${expectedSize}`;
      this.#drop(
        'body',
        new HttpCacheError(
          'ERR_HTTP_CACHE_INCOMPLETE_BODY',
          `The origin's body ended after ${this.#size}${length} bytes`,
        ),
      );
      return;
    }
    this.#trailers = trailers;
    this.#options.ended();
    this.expectProgress();
    this.#pump();
  }

  abort(reason: unknown): void {
    this.#drop('body', reason);
  }

  #opened(writer: CacheWriter | Failed): void {
    this.#busy = false;
    if (writer === failed) {
      this.#drop('store', undefined);
    } else if (this.#over) {
      void writer.abort();
    } else {
      this.#writer = writer;
      this.#pump();
    }
  }

  #pump(): void {
    const writer = this.#writer;
    while (!this.#busy && !this.#over && writer !== undefined) {
      const block = this.#queue.shift();
      if (block === undefined) {
        this.#finish(writer);
        return;
      }
      this.#current = block;
      try {
        const written = writer.write(bytesOf(block));
        if (isPromise(written)) {
          this.#busy = true;
          if (this.#options.isWatched()) this.expectProgress();
          written.then(
            () => {
              this.#busy = false;
              this.#written(block);
              this.#pump();
            },
            (error: unknown) => this.#drop('store', error),
          );
          return;
        }
        this.#written(block);
      } catch (error) {
        this.#drop('store', error);
      }
    }
  }

  #written(block: Block): void {
    if (this.#over) return;
    this.#current = undefined;
    this.#lag -= block.filled;
    this.#spare.push(block.room);
    if (this.#trailers !== undefined) this.expectProgress();
    else if (this.#waiting === undefined) clearTimeout(this.#timer);
    if (this.#lag === 0) this.#tellWritten();
    if (this.#lag <= resumeLag) this.#release();
  }

  #tellWritten(): void {
    const callback = this.#onWritten;
    this.#onWritten = undefined;
    callback?.();
  }

  /** When others wait for the store alone, as after the body's end, each chunk may take a second. */
  expectProgress(): void {
    if (!this.#over && this.#lag > 0 && this.#waiting === undefined) this.#dropAfter(maxPause);
  }

  #dropAfter(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        this.#drop(
          'store',
          new HttpCacheError(
            'ERR_HTTP_CACHE_STORE_TOO_SLOW',
            `The store lagged ${this.#lag} bytes behind a body for ${maxPause} ms: the response is not stored`,
          ),
        );
      },
      Math.max(0, ms),
    );
  }

  #finish(writer: CacheWriter): void {
    if (this.#trailers === undefined) return;
    this.#over = true;
    this.#spare = [];
    clearTimeout(this.#timer);
    this.#options.complete(writer, { size: this.#size, trailers: this.#trailers });
  }

  #drop(culprit: 'store' | 'body', error: unknown): void {
    if (this.#over) return;
    this.#over = true;
    const blocks = this.#current === undefined ? this.#queue : [this.#current, ...this.#queue];
    this.#current = undefined;
    this.#queue = [];
    this.#spare = [];
    clearTimeout(this.#timer);
    void this.#writer?.abort(error);
    this.#options.dropped(culprit, error, {
      start: this.#size - this.#lag,
      chunks: blocks.map(bytesOf),
    });
    this.#tellWritten();
    this.#release();
  }

  #release(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    this.#paused += performance.now() - this.#pausedAt;
    if (this.#trailers === undefined) clearTimeout(this.#timer);
    waiting();
  }

  #keep(chunk: Uint8Array): void {
    let block = this.#queue.at(-1);
    if (block === undefined || block.room.length - block.filled < chunk.byteLength) {
      block = { room: this.#roomFor(chunk.byteLength), filled: 0 };
      this.#queue.push(block);
    }
    block.room.set(chunk, block.filled);
    block.filled += chunk.byteLength;
  }

  /** Most bodies are small: a block is as long as its chunk, or as all that the store has not taken. */
  #roomFor(length: number): Buffer {
    const spare = this.#spare.pop();
    if (spare !== undefined && spare.length >= length) return spare;
    return Buffer.allocUnsafeSlow(Math.max(length, Math.min(this.#lag, maxBlock)));
  }
}

function bytesOf({ room, filled }: Block): Buffer {
  return room.subarray(0, filled);
}
