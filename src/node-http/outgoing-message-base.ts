import type { ClientRequest, OutgoingHttpHeaders } from 'node:http';
import { getDefaultHighWaterMark, Stream } from 'node:stream';
import type { FieldLines } from '../core/message.ts';
import { type FieldValue, RequestFields } from './request-fields.ts';

/** Done to the request to the origin once there is one. */
export type Step = (inner: ClientRequest) => void;

/** What `http.OutgoingMessage` is to those who set it up or look at it, be there a request to the origin yet or not. */
export abstract class OutgoingMessageBase extends Stream {
  readonly writable = true;
  readonly writableObjectMode = false;
  /** The request to the origin, while there is one. */
  protected inner: ClientRequest | undefined;
  protected readonly fields: RequestFields;
  #settings: Step[] | undefined;

  constructor(headers: FieldLines) {
    super();
    this.fields = new RequestFields(headers);
  }

  get writableNeedDrain(): boolean {
    return this.inner?.writableNeedDrain ?? false;
  }

  get writableCorked(): number {
    return this.inner?.writableCorked ?? 0;
  }

  get writableHighWaterMark(): number {
    return this.inner?.writableHighWaterMark ?? getDefaultHighWaterMark(this.writableObjectMode);
  }

  get writableLength(): number {
    return this.inner?.writableLength ?? 0;
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

  setHeaders(headers: Headers | ReadonlyMap<string, FieldValue>): this {
    for (const [name, value] of headers) this.setHeader(name, value);
    return this;
  }

  appendHeader(name: string, value: string | readonly string[]): this {
    this.inner?.appendHeader(name, value);
    this.fields.append(name, value);
    return this;
  }

  removeHeader(name: string): void {
    this.inner?.removeHeader(name);
    this.fields.remove(name);
  }

  flushHeaders(): void {
    this.inner?.flushHeaders();
  }

  addTrailers(trailers: Parameters<ClientRequest['addTrailers']>[0]): void {
    this.set((inner) => inner.addTrailers(trailers));
  }

  cork(): void {
    this.set((inner) => inner.cork());
  }

  uncork(): void {
    this.set((inner) => inner.uncork());
  }

  setNoDelay(noDelay?: boolean): void {
    this.set((inner) => inner.setNoDelay(noDelay));
  }

  setSocketKeepAlive(enable?: boolean, initialDelay?: number): void {
    this.set((inner) => inner.setSocketKeepAlive(enable, initialDelay));
  }

  /** Does something to the request to the origin, now or when there is one. */
  protected set(setting: Step): void {
    if (this.inner === undefined) (this.#settings ??= []).push(setting);
    else setting(this.inner);
  }

  /** Brings a request that was just opened to the state that the caller wants it in. */
  protected setUp(inner: ClientRequest): void {
    this.fields.applyChanges(inner);
    for (const set of this.#settings ?? []) set(inner);
  }
}
