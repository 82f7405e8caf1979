import type { Readable } from 'node:stream';
import { isError } from '../core/is-error.ts';
import type { FieldLines } from '../core/message.ts';
import type { BodySink, OwnRest } from './exchange.ts';
import type { GrowingBody } from './growing-body.ts';
import type { Incoming } from './incoming.ts';
import type { SharedForward } from './shared-forward.ts';
import type { SharedResponse } from './shared-response.ts';
import type { StoreSink, UntakenBytes } from './store-sink.ts';

/** For how long a body that nobody reads may bring nothing, in milliseconds. */
const maxSilence = 10_000;

/** What a body is received with. */
export interface IncomingBodyOptions {
  readonly incoming: Incoming;
  readonly sink: StoreSink;
  readonly growing: GrowingBody;
  /** The forward it came by, where others may share it. */
  readonly shared: SharedForward | undefined;
  /** For how many bytes more it is received when nobody reads it any more. */
  readonly finishAbandoned: number;
  /** Told that it is received without a reader; `over` fulfils at its end, or when it is read again. */
  readonly unread: (over: Promise<void>) => void;
}

/**
 * A body on its way into the store, whoever reads it: the request that it came for, others that share it, or nobody any
 * more.
 */
export class IncomingBody implements BodySink, SharedResponse {
  readonly incoming: Incoming;
  trailers: FieldLines = [];
  readonly #options: IncomingBodyOptions;
  #isOver = false;
  #isStored = true;
  #received = 0;
  #toTheEnd = false;
  #cancel: (() => void) | undefined;
  /** Up to which length it is received without readers. */
  #limit = Number.POSITIVE_INFINITY;
  #silence: NodeJS.Timeout | undefined;
  /** Tells those who wait for what nobody reads. */
  #tellOver: () => void = () => undefined;

  constructor(options: IncomingBodyOptions) {
    this.#options = options;
    this.incoming = options.incoming;
    options.shared?.whenRead(() => options.sink.expectProgress());
  }

  get outlivesReader(): boolean {
    if (this.#isOver) return false;
    return this.#options.shared?.isWanted === true || this.#isWorthFinishing();
  }

  get isRead(): boolean {
    return this.#options.shared?.isRead === true;
  }

  write(chunk: Uint8Array): boolean {
    const { sink, growing } = this.#options;
    this.#received += chunk.byteLength;
    this.#silence?.refresh();
    if (this.#received > this.#limit) this.#giveUp();
    // Where the store lets go at this very chunk, it is among those untaken.
    const isHeld = growing.held !== undefined;
    const mayGoOn = sink.write(chunk);
    return (isHeld ? growing.append(chunk) : growing.mayGoOn) && mayGoOn;
  }

  drained(callback: () => void): void {
    const { sink, growing } = this.#options;
    if (growing.held === undefined) sink.drained(callback);
    else growing.held.drained(callback);
  }

  whenWritten(callback: () => void): void {
    this.#options.sink.whenWritten(callback);
  }

  whenRead(callback: () => void): void {
    this.#options.shared?.whenRead(callback);
  }

  follow(): Readable | undefined {
    return this.#options.growing.follow();
  }

  fallBehind(given: number): OwnRest | undefined {
    const { growing } = this.#options;
    const start = growing.held === undefined ? 0 : given;
    const source = growing.held === undefined ? growing.follow(true) : growing.followHeld(given);
    if (source === undefined) return undefined;
    growing.ownReaderLeft();
    return { source, start };
  }

  end(complete: boolean, trailers: FieldLines): void {
    this.trailers = trailers;
    this.#options.sink.end(complete, trailers);
    if (complete) this.#options.growing.end(this.#received);
    else this.#options.growing.fail(brokenOff());
    this.#over();
  }

  abort(reason: unknown): void {
    this.#options.sink.abort(reason);
    this.#options.growing.fail(isError(reason) ? reason : brokenOff());
    this.#over();
  }

  leave(cancel: () => void, toTheEnd = false): boolean {
    const { shared, growing } = this.#options;
    this.#toTheEnd = toTheEnd;
    if (!this.outlivesReader) return false;
    growing.ownReaderLeft();
    this.#cancel = cancel;
    shared?.whenRead(() => this.#isReadAgain());
    if (shared?.leave(() => this.#nobodyReads()) !== true) this.#nobodyReads();
    return true;
  }

  /** The store let go of it, or it broke off. Those who read it go on with what comes; nobody else can join them. */
  dropped(culprit: 'store' | 'body', untaken: UntakenBytes): void {
    const { growing, shared } = this.#options;
    this.#isStored = false;
    if (culprit === 'store') growing.letGo(untaken.start, untaken.chunks);
    shared?.end();
    // Without a reader there is nothing to receive it for.
    if (this.#cancel !== undefined && !this.isRead) this.#giveUp();
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancel = undefined;
    clearTimeout(this.#silence);
    this.#options.shared?.end();
    this.#tellOver();
  }

  #nobodyReads(): void {
    if (this.#isOver || !this.#isWorthFinishing()) {
      this.#giveUp();
      return;
    }
    if (!this.#toTheEnd) this.#limit = this.#received + this.#options.finishAbandoned;
    this.#silence = setTimeout(() => this.#giveUp(), maxSilence).unref();
    this.#options.unread(
      new Promise((resolve) => {
        this.#tellOver = resolve;
      }),
    );
  }

  #isReadAgain(): void {
    clearTimeout(this.#silence);
    this.#silence = undefined;
    this.#limit = Number.POSITIVE_INFINITY;
    // Whoever waits for what nobody reads need not wait for this reader.
    this.#tellOver();
  }

  #isWorthFinishing(): boolean {
    const { finishAbandoned } = this.#options;
    if (!this.#isStored) return false;
    if (this.#toTheEnd) return true;
    const { size } = this.incoming;
    const left = size === undefined ? 0 : size - this.#received;
    return finishAbandoned > 0 && left <= finishAbandoned;
  }

  #giveUp(): void {
    const cancel = this.#cancel;
    this.#cancel = undefined;
    cancel?.();
  }
}

function brokenOff(): Error {
  return new Error('The body broke off.');
}
