import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { FieldLines, ResponseHead } from '../core/message.ts';
import { tellsCacheInfo, recordCacheInfo } from '../engine/cache-info-registry.ts';
import type { CacheInfo } from '../engine/cache-info.ts';
import { nextTick } from '../engine/turns.ts';
import { distinctHeaderObject, flatLines, headerObject } from './header-object.ts';

/** What clients make of messages, beside what Node makes of them. */
export interface MessageHabits {
  readonly highWaterMark?: number;
  /** Over HTTP/2, the pseudo-field `:status` is shown among the fields, though it is none (RFC 9113 §8.3.2). */
  readonly statusField?: boolean;
}

/**
 * What `http.IncomingMessage` is to its readers, over a plain `Readable`: a subclass of `IncomingMessage` would never
 * be read past its first chunk, because that one's constructor marks it as reading until its own `_read` says otherwise.
 */
export abstract class MessageBase extends Readable {
  // An own property, as in Node: form-data knows a message by that.
  readonly httpVersion: string;
  statusCode: number;
  statusMessage: string;
  /** Whether the whole message was received. */
  complete = false;
  /** Whether it ended early. */
  aborted = false;
  url = '';
  method: string | null = null;
  upgrade: boolean | null = null;
  /** The request that this answers. */
  req: object | undefined = undefined;
  readonly #head: ResponseHead;
  readonly #info: CacheInfo;
  readonly #hasStatusField: boolean;
  #headers: IncomingHttpHeaders | undefined;
  #headersDistinct: NodeJS.Dict<string[]> | undefined;
  #rawHeaders: string[] | undefined;
  #trailers: FieldLines = [];
  #trailersObject: NodeJS.Dict<string> | undefined;
  #rawTrailers: string[] | undefined;

  constructor(head: ResponseHead, info: CacheInfo, { highWaterMark, statusField }: MessageHabits = {}) {
    super(highWaterMark === undefined ? undefined : { highWaterMark });
    this.#head = head;
    this.#info = info;
    this.httpVersion = head.httpVersion;
    this.statusCode = head.status;
    this.statusMessage = head.statusText;
    this.#hasStatusField = statusField === true && head.httpVersion.startsWith('2');
  }

  static {
    tellsCacheInfo(MessageBase.prototype, (messageBase) => messageBase.#info);
  }

  get httpVersionMajor(): number {
    return Number(this.httpVersion.split('.')[0]);
  }

  get httpVersionMinor(): number {
    return Number(this.httpVersion.split('.')[1]);
  }

  get headers(): IncomingHttpHeaders {
    return (this.#headers ??= Object.assign(this.#pseudoFields(), headerObject(this.#head.headers)));
  }

  set headers(headers: IncomingHttpHeaders) {
    this.#headers = headers;
  }

  get headersDistinct(): NodeJS.Dict<string[]> {
    return (this.#headersDistinct ??= distinctHeaderObject(this.#head.headers));
  }

  get rawHeaders(): string[] {
    if (this.#rawHeaders === undefined) {
      this.#rawHeaders = flatLines(this.#head.headers);
      for (const [name, value] of Object.entries(this.#pseudoFields())) {
        this.#rawHeaders.unshift(name, String(value));
      }
      // The message that decodes this one's body has this same array.
      recordCacheInfo(this.#rawHeaders, this.#info);
    }
    return this.#rawHeaders;
  }

  get trailers(): NodeJS.Dict<string> {
    return (this.#trailersObject ??= headerObject(this.#trailers) as NodeJS.Dict<string>);
  }

  get trailersDistinct(): NodeJS.Dict<string[]> {
    return distinctHeaderObject(this.#trailers);
  }

  get rawTrailers(): string[] {
    return (this.#rawTrailers ??= flatLines(this.#trailers));
  }

  /** The connection it came over; `null` when it came over none, or that has gone on to other uses. */
  get socket(): Socket | null {
    return null;
  }

  get connection(): Socket | null {
    return this.socket;
  }

  /** The connection, as long as it is at work for this; else what form-data looks for there, the request. */
  get client(): object {
    return { _httpMessage: this.req };
  }

  setTimeout(ms: number, callback?: () => void): this {
    if (callback !== undefined) this.on('timeout', callback);
    this.socket?.setTimeout(ms);
    return this;
  }

  /** Being no field, it is not stored. */
  #pseudoFields(): { ':status'?: number } {
    return this.#hasStatusField ? { ':status': this.statusCode } : {};
  }

  /** To be called with the body's end: it was all there, and this came behind it. */
  protected finishBody(trailers: FieldLines): void {
    this.#trailers = trailers;
    this.#trailersObject = undefined;
    this.#rawTrailers = undefined;
    this.complete = true;
    this.push(null);
  }

  /** Lets go of where the body comes from. */
  protected abstract letGo(error: Error | null): void;

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (!this.readableEnded || !this.complete) {
      this.aborted = true;
      this.emit('aborted');
    }
    this.letGo(error);
    nextTick(endDestroy, this, error, callback);
  }
}

/** As in Node: a message's error is only emitted where somebody listens. */
function endDestroy(message: Readable, error: Error | null, callback: (error?: Error | null) => void): void {
  callback(message.listenerCount('error') === 0 ? null : error);
}
