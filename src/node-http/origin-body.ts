import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { FieldLines } from '../core/message.ts';
import type { BodySink } from '../engine/exchange.ts';
import { nextTick } from '../engine/turns.ts';
import { isWhole } from './is-whole.ts';
import { pairedLines } from './origin-head.ts';

/** Who reads an origin's body as it comes. */
export interface BodyReader {
  /** Takes a chunk; `false` asks for a pause, until `resume`. */
  chunk(chunk: Uint8Array): boolean;
  /** The body came to its end, with this behind it. */
  end(trailers: FieldLines): void;
  /** The body broke off. */
  fail(error: Error | undefined): void;
}

/**
 * The body of an origin's message, read by a reader and taken by a sink, or by only one of them. Whoever cannot take
 * more holds it up. Both are told how it ends.
 */
export class OriginBody {
  readonly #origin: IncomingMessage;
  #sink: BodySink | undefined;
  #reader: BodyReader | undefined;
  #readerIsFull = false;
  #sinkIsFull = false;
  #isOver = false;

  constructor(origin: IncomingMessage, sink: BodySink | undefined, reader?: BodyReader) {
    this.#origin = origin;
    this.#sink = sink;
    this.#reader = reader;
    if (origin.destroyed && !origin.readableEnded) {
      nextTick(() => this.#fail());
      return;
    }
    origin.on('data', (chunk: Uint8Array) => this.#take(chunk));
    origin.on('end', () => this.#end());
    for (const event of ['error', 'aborted']) origin.on(event, () => this.#fail());
    origin.on('close', () => {
      // A message of http2-wrapper that ended while nobody read it closes before its listeners are told of its end.
      if (!origin.readableEnded) this.#fail();
    });
    // got 16 tells of a fault of an HTTP/2 stream on the request alone, whose user hears of it there.
    if (sink !== undefined && origin.httpVersionMajor === 2) {
      const request: unknown = Reflect.get(origin, 'req');
      if (request instanceof EventEmitter) request.once('error', (error: Error) => this.#drop(error));
    }
  }

  /** The reader takes more. */
  resume(): void {
    this.#readerIsFull = false;
    this.#flow();
  }

  /** The reader needs no more of it; the sink does. */
  leave(): void {
    this.#reader = undefined;
    this.resume();
  }

  /** Lets go of what is yet to come of it. */
  destroy(error: Error | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#sink?.abort(error ?? notRead());
    if (!this.#origin.destroyed) this.#origin.destroy(error);
  }

  #take(chunk: Uint8Array): void {
    if (this.#isOver) return;
    const sink = this.#sink;
    if (sink !== undefined && !sink.write(chunk)) {
      this.#sinkIsFull = true;
      this.#origin.pause();
      sink.drained(() => {
        this.#sinkIsFull = false;
        this.#flow();
      });
    }
    if (this.#reader?.chunk(chunk) === false) {
      this.#readerIsFull = true;
      this.#origin.pause();
    }
  }

  #flow(): void {
    if (!this.#readerIsFull && !this.#sinkIsFull && this.#origin.isPaused()) this.#origin.resume();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const trailers = pairedLines(this.#origin.rawTrailers);
    this.#sink?.end(isWhole(this.#origin), trailers);
    this.#reader?.end(trailers);
  }

  /** Nothing more comes that could be stored. */
  #drop(error: Error): void {
    if (this.#isOver) return;
    this.#sink?.abort(error);
    this.#sink = undefined;
    this.#sinkIsFull = false;
    this.#flow();
  }

  #fail(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const error = this.#origin.errored ?? undefined;
    this.#reader?.fail(error);
    this.#sink?.abort(error ?? notRead());
  }
}

function notRead(): Error {
  return new Error('The body was not read to its end.');
}
