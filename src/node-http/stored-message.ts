import { Buffer } from 'node:buffer';
import type { Readable } from 'node:stream';
import type { StoredDelivery } from '../engine/exchange.ts';
import { MessageBase } from './message-base.ts';
import { asError, connectionReset } from './native-errors.ts';

/** So that progress and back-pressure are as with a body from the wire. */
const chunkSize = 65_536;

/** A response from the store, as the message of a request. */
export class StoredMessage extends MessageBase {
  /** What got shows as `response.isFromCache`. */
  readonly fromCache: boolean;
  readonly #delivery: StoredDelivery;
  #source: 'unread' | 'memory' | 'stream' | 'done' = 'unread';
  #bytes: Buffer | undefined;
  #offset = 0;
  #received = 0;
  #body: Readable | undefined;

  constructor(delivery: StoredDelivery) {
    super(delivery.head, delivery.info);
    this.#delivery = delivery;
    this.fromCache = delivery.info.outcome !== 'unsatisfiable';
  }

  override _read(): void {
    switch (this.#source) {
      case 'unread':
        // The body of a redirect must not be there at once: got hands out what it can read before it sees the redirect.
        if (this.statusCode >= 300 && this.statusCode < 400) process.nextTick(() => this.#beginBody());
        else this.#beginBody();
        break;
      case 'memory':
        // A reader that reads in a loop would otherwise get it all at once, whatever its own reader takes.
        process.nextTick(() => this.#pushBytes());
        break;
      case 'stream':
        this.#body?.resume();
        break;
      case 'done':
        break;
    }
  }

  #beginBody(): void {
    if (this.destroyed || this.#source !== 'unread') return;
    try {
      const bytes = this.#delivery.bytes();
      if (bytes === undefined) this.#openBody();
      else this.#takeBytes(bytes);
    } catch (error) {
      this.destroy(asError(error));
    }
  }

  #takeBytes(bytes: Uint8Array): void {
    if (bytes.length !== this.#delivery.size) throw connectionReset('aborted');
    this.#source = 'memory';
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#pushBytes();
  }

  #pushBytes(): void {
    const bytes = this.#bytes;
    if (bytes === undefined) return;
    const end = Math.min(this.#offset + chunkSize, bytes.length);
    const chunk = end - this.#offset === bytes.length ? bytes : bytes.subarray(this.#offset, end);
    this.#offset = end;
    const last = end === bytes.length;
    if (chunk.length > 0) this.push(chunk);
    if (last) this.#endBody();
  }

  #openBody(): void {
    const body = this.#delivery.open();
    this.#source = 'stream';
    this.#body = body;
    body.on('data', (chunk: Uint8Array) => {
      this.#received += chunk.length;
      if (this.#received > this.#delivery.size) this.destroy(connectionReset('aborted'));
      else if (!this.push(chunk)) body.pause();
    });
    body.on('end', () => {
      if (this.#received === this.#delivery.size) this.#endBody();
      else this.destroy(connectionReset('aborted'));
    });
    body.on('error', (error) => this.destroy(error));
    body.on('close', () => {
      if (this.#source === 'stream') this.destroy(connectionReset('aborted'));
    });
  }

  #endBody(): void {
    this.#source = 'done';
    this.#bytes = undefined;
    this.finishBody(this.#delivery.trailers);
  }

  protected override letGo(): void {
    if (this.#source === 'done') return;
    this.#source = 'done';
    this.#bytes = undefined;
    if (this.#body === undefined) this.#delivery.release();
    else this.#body.destroy();
  }
}
