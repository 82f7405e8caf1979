import type { Readable } from 'node:stream';
import type { FieldLines } from '../core/message.ts';
import type { BodySink } from './exchange.ts';
import type { SharedForward } from './shared-forward.ts';
import type { SharedResponse } from './shared-response.ts';
import type { StoreSink } from './store-sink.ts';
import type { Incoming } from './incoming.ts';

/** For how long a body that nobody reads may bring nothing, in milliseconds. */
const maxSilence = 10_000;

/** What a body is received with. */
export interface IncomingBodyOptions {
  readonly incoming: Incoming;
  readonly sink: StoreSink;
  /** The forward it came by, where others may share it. */
  readonly shared: SharedForward | undefined;
  /** For how many bytes more it is received when nobody reads it any more. */
  readonly finishAbandoned: number;
  /** See {@link SharedResponse.follow}. */
  readonly follow: () => Readable | undefined;
}

/**
 * A body on its way into the store, whoever reads it: the request that it came for, others that share it, or nobody any
 * more.
 */
export class IncomingBody implements BodySink, SharedResponse {
  readonly incoming: Incoming;
  readonly follow: () => Readable | undefined;
  trailers: FieldLines = [];
  readonly #sink: StoreSink;
  readonly #shared: SharedForward | undefined;
  readonly #finishAbandoned: number;
  #isOver = false;
  #received = 0;
  #toTheEnd = false;
  #cancel: (() => void) | undefined;
  /** Up to which length it is received without readers. */
  #limit = Number.POSITIVE_INFINITY;
  #silence: NodeJS.Timeout | undefined;

  constructor({ incoming, sink, shared, finishAbandoned, follow }: IncomingBodyOptions) {
    this.incoming = incoming;
    this.follow = follow;
    this.#sink = sink;
    this.#shared = shared;
    this.#finishAbandoned = finishAbandoned;
  }

  get outlivesReader(): boolean {
    return !this.#isOver && (this.#shared?.isWanted === true || this.#isWorthFinishing());
  }

  write(chunk: Uint8Array): boolean {
    this.#received += chunk.byteLength;
    this.#silence?.refresh();
    if (this.#received > this.#limit) this.#giveUp();
    return this.#sink.write(chunk);
  }

  drained(callback: () => void): void {
    this.#sink.drained(callback);
  }

  whenWritten(callback: () => void): void {
    this.#sink.whenWritten(callback);
  }

  whenRead(callback: () => void): void {
    this.#shared?.whenRead(callback);
  }

  end(complete: boolean, trailers: FieldLines): void {
    this.trailers = trailers;
    this.#sink.end(complete, trailers);
    this.#over();
  }

  abort(reason: unknown): void {
    this.#sink.abort(reason);
    this.#over();
  }

  leave(cancel: () => void, toTheEnd = false): boolean {
    this.#toTheEnd = toTheEnd;
    if (!this.outlivesReader) return false;
    this.#cancel = cancel;
    if (this.#shared?.leave(() => this.#nobodyReads()) !== true) this.#nobodyReads();
    return true;
  }

  /** The store let go of it: without a reader there is nothing to receive it for. */
  dropped(): void {
    const cancel = this.#cancel;
    this.#over();
    cancel?.();
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancel = undefined;
    clearTimeout(this.#silence);
    this.#shared?.end();
  }

  #nobodyReads(): void {
    if (this.#isOver || !this.#isWorthFinishing()) {
      this.#giveUp();
      return;
    }
    if (!this.#toTheEnd) this.#limit = this.#received + this.#finishAbandoned;
    this.#silence = setTimeout(() => this.#giveUp(), maxSilence).unref();
  }

  #isWorthFinishing(): boolean {
    if (this.#toTheEnd) return true;
    const { size } = this.incoming;
    const left = size === undefined ? 0 : size - this.#received;
    return this.#finishAbandoned > 0 && left <= this.#finishAbandoned;
  }

  #giveUp(): void {
    const cancel = this.#cancel;
    this.#cancel = undefined;
    cancel?.();
  }
}
