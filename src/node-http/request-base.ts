import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { nextTick } from '../engine/turns.ts';
import { HeldBody } from './held-body.ts';
import { IdleSocket } from './idle-socket.ts';
import type { MessageBase } from './message-base.ts';
import { OutgoingMessageBase, type Step } from './outgoing-message-base.ts';
import type { OutgoingRequest } from './outgoing-request.ts';
import { connectionReset, streamDestroyed } from './native-errors.ts';
import type { RequestSeam } from './request-seam.ts';
import type { StallTimer } from './stored-message.ts';

/** What clients make of their timeouts. */
type ClientHabits = Pick<RequestSeam, 'timeoutIsTotal' | 'idleSocket'>;

/** What `http.ClientRequest` is to its callers, apart from sending anything. */
export abstract class RequestBase extends OutgoingMessageBase {
  readonly method: string;
  readonly protocol: string;
  readonly host: string;
  readonly path: string;
  writableEnded = false;
  writableFinished = false;
  finished = false;
  destroyed = false;
  aborted = false;
  maxHeadersCount: number | null = null;
  /** The response, once there is one. */
  abstract res: IncomingMessage | MessageBase | null;
  protected hasBegun = false;
  readonly #timeoutIsTotal: boolean;
  readonly #wantsSocket: boolean;
  #idleSocket: IdleSocket | undefined;
  #isClosed = false;
  #timeoutMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isHeldBack = false;
  #unsent: Step[] | undefined;
  #held: HeldBody | undefined;

  constructor(outgoing: OutgoingRequest, { timeoutIsTotal = false, idleSocket = false }: ClientHabits = {}) {
    super(outgoing.headers);
    this.method = outgoing.method;
    this.protocol = outgoing.protocol;
    this.host = outgoing.host;
    this.path = outgoing.path;
    this.#timeoutIsTotal = timeoutIsTotal;
    this.#wantsSocket = idleSocket;
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

  setTimeout(ms: number, callback?: () => void): this {
    if (callback !== undefined) this.once('timeout', callback);
    this.#timeoutMs = ms;
    this.inner?.setTimeout(ms);
    if (this.#timeoutIsTotal) {
      this.stopTimer(true);
      this.startTimer();
    }
    return this;
  }

  write(chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean {
    const done = [encoding, callback].find(isCallback);
    if (this.destroyed && this.inner === undefined) {
      if (done !== undefined) nextTick(done, streamDestroyed('write'));
      return false;
    }
    if (this.#hold(chunk, encodingOf(encoding), (inner, held) => inner.write(held))) {
      if (done !== undefined) nextTick(done);
      return true;
    }
    if (!this.hasBegun) this.begin(true);
    if (this.inner !== undefined) return this.inner.write(chunk, encodingOf(encoding), done);
    (this.#unsent ??= []).push((inner) => inner.write(chunk, encodingOf(encoding), done));
    return false;
  }

  end(chunk?: unknown, encoding?: unknown, callback?: unknown): this {
    const done = [chunk, encoding, callback].find(isCallback);
    // As in Node: not called when the request fails.
    if (done !== undefined) this.once('finish', done);
    if (this.writableEnded) return this;
    const last = typeof chunk === 'string' || chunk instanceof Uint8Array ? chunk : '';
    const isHeld = this.#hold(last, encodingOf(encoding), (inner, held) => endWith(inner, held, 'utf8'));
    if (!this.hasBegun && last.length > 0 && !isHeld) this.begin(true);
    this.writableEnded = true;
    this.finished = true;
    if (this.hasBegun) this.#send((inner) => endWith(inner, last, encodingOf(encoding)));
    else if (!this.destroyed) this.begin(isHeld, this.#held?.whole());
    return this;
  }

  abort(): void {
    if (this.aborted) return;
    this.aborted = true;
    nextTick(() => this.emit('abort'));
    this.destroy();
  }

  abstract destroy(error?: Error): this;

  /**
   * Sees to an answer; called once, as soon as it is known whether a body comes, or all of one that is held is there.
   *
   * @param body - What was held.
   */
  protected abstract begin(hasBody: boolean, body?: Uint8Array): void;

  /** Holds the body until its end, if it is not longer than this many bytes: to be called before any of it is written. */
  protected holdBody(longest: number): void {
    this.#held = new HeldBody(longest);
  }

  /** Sends what the caller has written so far, and the end if that was all. */
  protected sendUnsent(inner: ClientRequest): void {
    const unsent = this.#unsent;
    this.#unsent = undefined;
    if (unsent === undefined) {
      if (this.writableEnded) inner.end();
      return;
    }
    for (const send of unsent) send(inner);
    if (!this.writableEnded && !inner.writableNeedDrain) this.emit('drain');
  }

  /** The store is waited for, and must not escape the caller's timeouts. */
  protected waitForStore(): void {
    this.startTimer();
    if (!this.#wantsSocket || this.#idleSocket !== undefined) return;
    this.#idleSocket = new IdleSocket(() => this.destroy());
    this.emit('socket', this.#idleSocket);
  }

  /** For a response from the store: the caller's timeouts of a connection that has gone silent. */
  protected stallTimer(): StallTimer {
    return {
      start: () => {
        this.startTimer();
        this.#idleSocket?.startTimer();
      },
      stop: () => {
        this.stopTimer(true);
        this.#idleSocket?.stopTimer();
      },
    };
  }

  /** Runs the caller's timeout while there is no connection that could. */
  protected startTimer(): void {
    if (this.#isHeldBack || (this.#timeoutIsTotal && this.#timer !== undefined)) return;
    clearTimeout(this.#timer);
    if (this.#timeoutMs === undefined || this.#timeoutMs <= 0) return;
    this.#timer = setTimeout(() => this.emit('timeout'), this.#timeoutMs);
  }

  /** Has the caller's timeout run only from when the request goes out. */
  protected holdTimer(until: Promise<void>): void {
    this.#isHeldBack = true;
    this.stopTimer(true);
    void until.then(() => {
      this.#isHeldBack = false;
      if (this.#timeoutIsTotal && !this.destroyed) this.startTimer();
    });
  }

  /** The connection minds the timeout from here on, or there is no more to wait for. */
  protected stopTimer(waitIsOver: boolean): void {
    if (this.#timer === undefined || (this.#timeoutIsTotal && !waitIsOver)) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Tells of the end of a destroyed request as Node does where there is no connection, or a response is being read. */
  protected emitDestroyed(error: Error | undefined): void {
    if (this.res === null) {
      const reason = error ?? (this.aborted ? undefined : connectionReset('socket hang up'));
      if (reason !== undefined) this.emit('error', reason);
    } else if (!this.res.readableEnded) {
      if (error !== undefined) this.emit('error', error);
      this.res.destroy(connectionReset('aborted'));
    }
  }

  protected override setUp(inner: ClientRequest): void {
    super.setUp(inner);
    if (this.#timeoutMs !== undefined) inner.setTimeout(this.#timeoutMs);
    if (this.maxHeadersCount !== null) inner.maxHeadersCount = this.maxHeadersCount;
  }

  /** The request was sent. */
  protected emitFinish(): void {
    if (this.writableFinished) return;
    this.writableFinished = true;
    this.emit('finish');
  }

  /** The request and its response are over. */
  protected emitClose(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.destroyed = true;
    this.emit('close');
  }

  /** Keeps a part of a body that is held, and what is to be done with it when it is sent; `false` when it goes on at once. */
  #hold(
    chunk: string | Uint8Array,
    encoding: BufferEncoding,
    send: (inner: ClientRequest, held: Buffer) => void,
  ): boolean {
    if (this.#held === undefined || this.hasBegun) return false;
    const held = this.#held.take(chunk, encoding);
    if (held === undefined) return false;
    (this.#unsent ??= []).push((inner) => send(inner, held));
    return true;
  }

  #send(step: Step): void {
    if (this.inner === undefined) (this.#unsent ??= []).push(step);
    else step(this.inner);
  }
}

function endWith(inner: ClientRequest, last: string | Uint8Array, encoding: BufferEncoding): void {
  // With the last bytes in hand Node knows the length, and sends it.
  if (last.length > 0) inner.end(last, encoding);
  else inner.end();
}

function isCallback(value: unknown): value is (...args: unknown[]) => void {
  return typeof value === 'function';
}

function encodingOf(value: unknown): BufferEncoding {
  return typeof value === 'string' && Buffer.isEncoding(value) ? value : 'utf8';
}
