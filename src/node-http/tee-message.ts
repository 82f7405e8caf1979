import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { ResponseHead } from '../core/message.ts';
import type { CacheInfo } from '../engine/cache-info.ts';
import type { BodySink } from '../engine/exchange.ts';
import { MessageBase } from './message-base.ts';
import { pairedLines } from './origin-head.ts';

/** What a tee is made with. */
export interface TeeOptions {
  /** The head that the caller sees. */
  readonly head: ResponseHead;
  /** Takes the body too, unless it is not to be stored. */
  readonly sink: BodySink | undefined;
  /** What the cache did. */
  readonly info: CacheInfo;
}

/**
 * The origin's message on its way to the caller, each chunk of it given to a sink as it passes. The caller sets the
 * pace, and the sink where it asks for it. What happens to the origin's message happens to this one.
 */
export class TeeMessage extends MessageBase {
  readonly #origin: IncomingMessage;
  #sink: BodySink | undefined;
  #sinkIsFull = false;
  #callerIsFull = false;
  #ended = false;
  #onBuffered: (() => void) | undefined;

  constructor(origin: IncomingMessage, options: TeeOptions) {
    super(options.head, options.info, {
      highWaterMark: origin.readableHighWaterMark,
      statusField: hasStatusField(origin),
    });
    this.#origin = origin;
    this.#sink = options.sink;
    if (origin.destroyed && !origin.readableEnded) {
      process.nextTick(() => this.destroy(origin.errored ?? undefined));
      return;
    }
    origin.on('data', (chunk: Uint8Array) => this.#take(chunk));
    origin.on('end', () => this.#end());
    origin.on('error', (error) => this.destroy(error));
    origin.on('aborted', () => this.destroy(origin.errored ?? undefined));
    origin.on('close', () => {
      // A message of http2-wrapper that ended while nobody read it closes before its listeners are told of its end.
      if (!this.#ended && !origin.readableEnded) this.destroy(origin.errored ?? undefined);
    });
    origin.on('timeout', () => this.emit('timeout'));
  }

  override get socket(): Socket | null {
    return this.#origin.socket;
  }

  override get client(): object {
    const { socket } = this;
    const request: unknown = Reflect.get(this.#origin, 'req');
    return socket !== null && Reflect.get(socket, '_httpMessage') === request ? socket : super.client;
  }

  /**
   * Calls back once the body was received, or no more of it can be without a reader. For a client that throws
   * redirects away unread.
   */
  whenBuffered(callback: () => void): void {
    if (this.#ended || this.destroyed) callback();
    else this.#onBuffered = callback;
  }

  override _read(): void {
    this.#callerIsFull = false;
    this.#flow();
  }

  #take(chunk: Uint8Array): void {
    const sink = this.#sink;
    if (sink !== undefined && !sink.write(chunk)) {
      this.#sinkIsFull = true;
      this.#origin.pause();
      sink.drained(() => {
        this.#sinkIsFull = false;
        this.#flow();
      });
    }
    if (!this.push(chunk)) {
      this.#callerIsFull = true;
      this.#origin.pause();
      this.#buffered();
    }
  }

  #flow(): void {
    if (!this.#callerIsFull && !this.#sinkIsFull && this.#origin.isPaused()) this.#origin.resume();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    const trailers = pairedLines(this.#origin.rawTrailers);
    const sink = this.#sink;
    this.#sink = undefined;
    sink?.end(isWhole(this.#origin), trailers);
    this.finishBody(trailers);
    this.#buffered();
  }

  #buffered(): void {
    const callback = this.#onBuffered;
    this.#onBuffered = undefined;
    callback?.();
  }

  protected override letGo(error: Error | null): void {
    const sink = this.#sink;
    this.#sink = undefined;
    sink?.abort(error ?? new Error('The body was not read to its end.'));
    if (!this.#ended && !this.#origin.destroyed) this.#origin.destroy(error ?? undefined);
    this.#buffered();
  }
}

function isWhole(origin: IncomingMessage): boolean {
  return origin.complete && !wasReset(origin) && !wasCutOff(origin);
}

function hasStatusField(origin: IncomingMessage): boolean {
  return origin.httpVersionMajor === 2 && ':status' in origin.headers;
}

/** An HTTP/2 stream that was reset looks like one that ended, but for its code. */
function wasReset(origin: IncomingMessage): boolean {
  const request: Partial<ClientRequest & { _request: { rstCode?: number } }> | undefined = Reflect.get(
    origin,
    'req',
  );
  return (request?._request?.rstCode ?? 0) !== 0;
}

/**
 * RFC 9112 §8: a body that only the end of the connection delimits is incomplete when the connection ended in an error,
 * though Node says that it is complete.
 */
function wasCutOff({ headers, socket }: IncomingMessage): boolean {
  // Mocks have no socket.
  if (!socket?.errored) return false;
  return headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;
}
