import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { Stream } from 'node:stream';
import type { MessageBase } from './message-base.ts';
import type { OutgoingRequest } from './outgoing-request.ts';
import { type FieldValue, RequestFields } from './request-fields.ts';

/** What `http.ClientRequest` is to its callers, apart from sending anything. */
export abstract class RequestBase extends Stream {
  readonly method: string;
  readonly protocol: string;
  readonly host: string;
  readonly path: string;
  readonly writable = true;
  writableEnded = false;
  writableFinished = false;
  finished = false;
  destroyed = false;
  aborted = false;
  maxHeadersCount: number | null = null;
  /** The response, once there is one. */
  res: IncomingMessage | MessageBase | null = null;
  /** The request to the origin, while there is one. */
  protected inner: ClientRequest | undefined;
  protected readonly fields: RequestFields;
  readonly #timeoutIsTotal: boolean;
  #timeoutMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #settings: ((inner: ClientRequest) => void)[] | undefined;

  constructor(outgoing: OutgoingRequest, timeoutIsTotal: boolean) {
    super();
    this.method = outgoing.method;
    this.protocol = outgoing.protocol;
    this.host = outgoing.host;
    this.path = outgoing.path;
    this.fields = new RequestFields(outgoing.headers);
    this.#timeoutIsTotal = timeoutIsTotal;
  }

  get socket(): Socket | null {
    return this.inner?.socket ?? null;
  }

  get connection(): Socket | null {
    return this.socket;
  }

  get reusedSocket(): boolean {
    return this.inner?.reusedSocket ?? false;
  }

  get headersSent(): boolean {
    return this.inner?.headersSent ?? this.writableEnded;
  }

  get shouldKeepAlive(): boolean {
    return this.inner?.shouldKeepAlive ?? true;
  }

  get writableNeedDrain(): boolean {
    return this.inner?.writableNeedDrain ?? false;
  }

  getHeader(name: string): string | string[] | undefined {
    return this.fields.get(name);
  }

  getHeaders(): OutgoingHttpHeaders {
    return this.fields.toObject();
  }

  getHeaderNames(): string[] {
    return this.fields.names().map((name) => name.toLowerCase());
  }

  getRawHeaderNames(): string[] {
    return this.fields.names();
  }

  hasHeader(name: string): boolean {
    return this.fields.get(name) !== undefined;
  }

  setHeader(name: string, value: FieldValue): this {
    this.inner?.setHeader(name, value);
    this.fields.set(name, value);
    return this;
  }

  removeHeader(name: string): void {
    this.inner?.removeHeader(name);
    this.fields.remove(name);
  }

  flushHeaders(): void {
    this.inner?.flushHeaders();
  }

  setNoDelay(noDelay?: boolean): void {
    this.#set((inner) => inner.setNoDelay(noDelay));
  }

  setSocketKeepAlive(enable?: boolean, initialDelay?: number): void {
    this.#set((inner) => inner.setSocketKeepAlive(enable, initialDelay));
  }

  setTimeout(ms: number, callback?: () => void): this {
    if (callback !== undefined) this.once('timeout', callback);
    this.#timeoutMs = ms;
    this.inner?.setTimeout(ms);
    if (this.#timeoutIsTotal) this.startTimer();
    return this;
  }

  abort(): void {
    if (this.aborted) return;
    this.aborted = true;
    process.nextTick(() => this.emit('abort'));
    this.destroy();
  }

  abstract destroy(error?: Error): this;

  /** Runs the caller's timeout while there is no connection that could. */
  protected startTimer(): void {
    clearTimeout(this.#timer);
    if (this.#timeoutMs === undefined || this.#timeoutMs <= 0) return;
    this.#timer = setTimeout(() => this.emit('timeout'), this.#timeoutMs);
  }

  /** The connection minds the timeout from here on, or there is no more to wait for. */
  protected stopTimer(waitIsOver: boolean): void {
    if (this.#timer !== undefined && (waitIsOver || !this.#timeoutIsTotal)) clearTimeout(this.#timer);
  }

  /** Brings a request that was just opened to the state that the caller wants it in. */
  protected setUp(inner: ClientRequest): void {
    this.fields.applyChanges(inner);
    if (this.#timeoutMs !== undefined) inner.setTimeout(this.#timeoutMs);
    if (this.maxHeadersCount !== null) inner.maxHeadersCount = this.maxHeadersCount;
    for (const set of this.#settings ?? []) set(inner);
  }

  #set(setting: (inner: ClientRequest) => void): void {
    if (this.inner === undefined) (this.#settings ??= []).push(setting);
    else setting(this.inner);
  }
}
