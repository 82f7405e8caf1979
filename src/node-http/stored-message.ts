import { Buffer } from 'node:buffer';
import type { Readable } from 'node:stream';
import type { StoredDelivery } from '../engine/exchange.ts';
import { nextTick } from '../engine/turns.ts';
import { HttpCacheError } from '../errors.ts';
import { FollowedBody, type Repeat } from './followed-body.ts';
import { MessageBase, type MessageHabits } from './message-base.ts';
import { asError, connectionReset } from './native-errors.ts';

/** So that progress and back-pressure are as with a body from the wire. */
const chunkSize = 65_536;

/** Measures how long a reader has waited for the store. */
export interface StallTimer {
  /** The wait begins. */
  start(): void;
  /** It is over; more may follow. */
  stop(): void;
}

/** A response from the store, as the message of a request; to be prepared before it is handed out. */
export class StoredMessage extends MessageBase {
  /** What got shows as `response.isFromCache`. */
  readonly fromCache: boolean;
  readonly #delivery: StoredDelivery;
  readonly #repeat: Repeat | undefined;
  #source: 'unread' | 'memory' | 'stream' | 'done' = 'unread';
  #bytes: Buffer | undefined;
  #offset = 0;
  #received = 0;
  #body: Readable | undefined;
  #failure: Error | undefined;
  #onPrepared: ((error?: Error) => void) | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #stallTimer: StallTimer | undefined;

  /** @param repeat - Asks the origin again, where a body breaks off. */
  constructor(delivery: StoredDelivery, habits?: MessageHabits, repeat?: Repeat) {
    super(delivery.head, delivery.info, habits);
    this.#delivery = delivery;
    this.#repeat = repeat;
    this.fromCache = delivery.info.outcome !== 'unsatisfiable' && !delivery.info.collapsed;
  }

  /**
   * Has the body opened, and calls back once its first bytes are there to be read, at once where they are at hand; or
   * with the reason why there are none, which is also what the message fails with when it is read all the same.
   */
  prepare(callback: (error?: Error) => void): void {
    try {
      this.#open();
    } catch (error) {
      this.#failure = asError(error);
    }
    const body = this.#body;
    const { size, growing, firstChunkTimeoutMs: ms } = this.#delivery;
    if (this.#failure !== undefined || body === undefined || size === 0 || growing !== undefined) {
      callback(this.#failure);
      return;
    }
    this.#onPrepared = callback;
    this.#deadline = setTimeout(() => this.#prepared(tooSlow(ms)), ms);
    body.once('readable', () =>
      this.#prepared(body.readableLength === 0 ? connectionReset('aborted') : undefined),
    );
  }

  /** Runs a timer whenever a reader waits for the store. */
  timeStalls(timer: StallTimer): void {
    this.#stallTimer = timer;
  }

  override _read(): void {
    switch (this.#source) {
      case 'unread':
        // From the wire, no body is there yet when the head is: got would read that of a redirect before it sees the
        // redirect, or end a body before the cookie jar has answered.
        nextTick(() => this.#beginBody());
        break;
      case 'memory':
        // A reader that reads in a loop would otherwise get it all at once, whatever its own reader takes.
        nextTick(() => this.#pushBytes());
        break;
      case 'stream':
        this.#stallTimer?.start();
        this.#body?.resume();
        break;
      case 'done':
        break;
    }
  }

  #open(): void {
    const bytes = this.#delivery.bytes();
    if (bytes === undefined) {
      this.#readFrom(this.#openStream(this.#delivery));
      return;
    }
    if (bytes.length !== this.#delivery.size) throw connectionReset('aborted');
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #openStream(delivery: StoredDelivery): Readable {
    const repeat = this.#repeat;
    const { growing } = delivery;
    if (repeat === undefined || growing === undefined) return delivery.open();
    return new FollowedBody({
      source: delivery.open(),
      start: 0,
      skip: 0,
      head: growing,
      comparison: 'exactly',
      repeat,
    });
  }

  #readFrom(body: Readable): void {
    const fail = (error: Error): void => {
      if (this.#body === body) this.#fail(error);
    };
    this.#body = body;
    body.on('error', fail);
    body.on('close', () => {
      // Most bodies were read to their end by now, and an error is costly to make.
      if (this.#source !== 'done') fail(connectionReset('aborted'));
    });
  }

  /** From now on parts of the body are handed out: when the rest cannot be read, the origin is asked for it. */
  #makeRepeatable(): void {
    const { repeatable: head } = this.#delivery;
    const [source, repeat] = [this.#body, this.#repeat];
    if (head === undefined || source === undefined || repeat === undefined) return;
    this.#readFrom(new FollowedBody({ source, start: 0, skip: 0, head, comparison: 'cheaply', repeat }));
  }

  #prepared(error: Error | undefined): void {
    const callback = this.#onPrepared;
    if (callback === undefined) return;
    this.#onPrepared = undefined;
    clearTimeout(this.#deadline);
    if (error === undefined) this.#makeRepeatable();
    else {
      this.#failure = error;
      this.#body?.destroy();
    }
    callback(error);
  }

  #fail(error: Error): void {
    if (this.#onPrepared !== undefined) this.#prepared(error);
    else if (this.#failure === undefined && this.#source !== 'done') this.destroy(error);
  }

  #beginBody(): void {
    if (this.destroyed || this.#source !== 'unread') return;
    if (this.#failure !== undefined) this.destroy(this.#failure);
    else if (this.#body === undefined) {
      this.#source = 'memory';
      this.#pushBytes();
    } else {
      this.#source = 'stream';
      this.#flow(this.#body);
    }
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

  #flow(body: Readable): void {
    this.#stallTimer?.start();
    body.on('data', (chunk: Uint8Array) => {
      this.#stallTimer?.stop();
      this.#received += chunk.length;
      if (this.#received > (this.#delivery.size ?? Infinity)) this.destroy(connectionReset('aborted'));
      else if (!this.push(chunk)) body.pause();
    });
    body.on('end', () => {
      if (this.#received === (this.#delivery.size ?? this.#received)) this.#endBody();
      else this.destroy(connectionReset('aborted'));
    });
  }

  #endBody(): void {
    this.#source = 'done';
    this.#bytes = undefined;
    this.#stallTimer?.stop();
    this.finishBody(this.#delivery.trailers);
  }

  protected override letGo(): void {
    if (this.#source === 'done') return;
    this.#source = 'done';
    this.#bytes = undefined;
    this.#onPrepared = undefined;
    clearTimeout(this.#deadline);
    this.#stallTimer?.stop();
    if (this.#body === undefined) this.#delivery.release();
    else this.#body.destroy();
  }
}

function tooSlow(ms: number): HttpCacheError {
  return new HttpCacheError(
    'ERR_HTTP_CACHE_MANAGER_TIMEOUT',
    `The first bytes of a stored body did not come within ${ms} ms: the request goes on without it`,
  );
}
