import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FieldLines, ResponseHead } from '../core/message.ts';
import type { CacheInfo } from '../engine/cache-info.ts';
import type { BodySink } from '../engine/exchange.ts';
import { FollowedBody, type Repeat } from './followed-body.ts';
import { MessageBase } from './message-base.ts';
import { originHead } from './origin-head.ts';
import { OriginBody } from './origin-body.ts';

/** What a tee is made with. */
export interface TeeOptions {
  /** The head that the caller sees. */
  readonly head: ResponseHead;
  /** Takes the body too, unless it is not to be stored. */
  readonly sink: BodySink | undefined;
  /** What the cache did. */
  readonly info: CacheInfo;
  /** Asks the origin again. */
  readonly repeat: Repeat;
}

/**
 * The origin's message on its way to the caller, each chunk of it given to a sink as it passes. The caller sets the
 * pace, and the sink where it asks for it. What happens to the origin's message happens to this one.
 *
 * Once others read the body too, this caller no longer holds them up: if it falls behind, it gets the rest from where
 * the sink put it.
 */
export class TeeMessage extends MessageBase {
  readonly #origin: IncomingMessage;
  readonly #options: TeeOptions;
  readonly #body: OriginBody;
  #ended = false;
  #isFull = false;
  #given = 0;
  /** The rest of the body, once this caller fell behind. */
  #followed: FollowedBody | undefined;
  #trailers: FieldLines = [];
  #onBuffered: (() => void) | undefined;

  constructor(origin: IncomingMessage, options: TeeOptions) {
    super(options.head, options.info, {
      highWaterMark: origin.readableHighWaterMark,
      statusField: hasStatusField(origin),
    });
    this.#origin = origin;
    this.#options = options;
    this.#body = new OriginBody(origin, options.sink, {
      chunk: (chunk) => this.#take(chunk),
      end: (trailers) => this.#end(trailers),
      fail: (error) => this.#fail(error),
    });
    origin.on('timeout', () => this.emit('timeout'));
    options.sink?.whenRead(() => this.#letOthersPass());
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
   * To be told that the request is destroyed, before this is. Whether the request to the origin is to be left alone: the
   * body is received further, or it has been received and this is still behind, reading it from the store. If not, nobody
   * is let follow the body any more.
   */
  requestDestroyed(): boolean {
    if (this.#ended) return this.#followed !== undefined;
    const { sink } = this.#options;
    if (sink?.outlivesReader === true) return true;
    sink?.abort(new Error('The request was destroyed.'));
    return false;
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
    this.#isFull = false;
    if (this.#followed === undefined) this.#body.resume();
    else this.#followed.resume();
  }

  #take(chunk: Uint8Array): boolean {
    if (this.#followed !== undefined) return true;
    this.#given += chunk.byteLength;
    if (this.push(chunk)) return true;
    this.#isFull = true;
    this.#buffered();
    this.#letOthersPass();
    return this.#followed !== undefined;
  }

  #end(trailers: FieldLines): void {
    this.#ended = true;
    this.#trailers = trailers;
    if (this.#followed === undefined) this.finishBody(trailers);
    this.#buffered();
  }

  #fail(error: Error | undefined): void {
    // One that is behind gets the rest from elsewhere, and how it ends.
    if (this.#followed === undefined) this.destroy(error);
  }

  /** Others go on without this caller, once all that it has had is where it can be read again. */
  #letOthersPass(): void {
    const { sink } = this.#options;
    if (this.#isFull && sink?.isRead === true) sink.whenWritten(() => this.#fallBehind());
  }

  #fallBehind(): void {
    const { sink, repeat } = this.#options;
    if (this.#followed !== undefined || !this.#isFull || this.#ended || this.destroyed) return;
    const rest = sink?.fallBehind(this.#given);
    if (rest === undefined) return;
    const head = originHead(this.#origin);
    const followed = new FollowedBody({ ...rest, skip: this.#given, head, comparison: 'exactly', repeat });
    this.#followed = followed.pause();
    followed.on('data', (chunk: Uint8Array) => {
      if (!this.push(chunk)) followed.pause();
    });
    followed.on('end', () => this.finishBody(this.#trailers));
    followed.on('error', (error) => this.destroy(error));
    this.#body.resume();
  }

  #buffered(): void {
    const callback = this.#onBuffered;
    this.#onBuffered = undefined;
    callback?.();
  }

  protected override letGo(error: Error | null): void {
    this.#followed?.destroy();
    if (this.#options.sink?.leave(() => this.#body.destroy(undefined)) === true) this.#body.leave();
    else this.#body.destroy(error ?? undefined);
    this.#buffered();
  }
}

function hasStatusField(origin: IncomingMessage): boolean {
  return origin.httpVersionMajor === 2 && ':status' in origin.headers;
}
