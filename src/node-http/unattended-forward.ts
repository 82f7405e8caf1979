import type { ClientRequest, IncomingMessage } from 'node:http';
import { assertNever } from '../core/assert-never.ts';
import type { FieldLines } from '../core/message.ts';
import type { Exchange, Reception } from '../engine/exchange.ts';
import { isPromise } from '../engine/maybe-promise.ts';
import type { MaybePromise } from '../managers/manager.ts';
import { discardResponse } from './discard-response.ts';
import { asError } from './native-errors.ts';
import { OriginBody } from './origin-body.ts';
import type { HeldBack, Opening } from './open-within-limits.ts';
import { originHead } from './origin-head.ts';
import { isRequest, type Opened, type RequestSeam } from './request-seam.ts';
import { sentFields } from './sent-fields.ts';

/** For how long a response may keep that no caller waits for, in milliseconds. */
const maxWait = 30_000;

/** What an unattended forward is made with. */
export interface UnattendedOptions {
  readonly exchange: Exchange;
  /** Opens a request to the origin with these fields set, to be ended. */
  readonly open: (lines: FieldLines, opening: Opening) => MaybePromise<Opened>;
  readonly isRedirected: RequestSeam['isRedirected'];
  /** Whether the exchange was told of a response already. */
  readonly isReceived: boolean;
  /** Whether it goes on when no other request waits for it. */
  readonly toTheEnd: boolean;
}

/**
 * A request to the origin that no caller waits for: the one it was made for has left while others share its response, or
 * got a stale one while this validates it. Its response goes into the store, and to whoever shares it.
 */
export class UnattendedForward {
  readonly #options: UnattendedOptions;
  #inner: ClientRequest | undefined;
  #arrival: IncomingMessage | undefined;
  #body: OriginBody | undefined;
  #heldBack: HeldBack | undefined;
  #isCancelled = false;
  #timer: NodeJS.Timeout | undefined;
  #isReceived: boolean;

  constructor(options: UnattendedOptions) {
    this.#options = options;
    this.#isReceived = options.isReceived;
  }

  /** Asks the origin. */
  ask(lines: FieldLines): void {
    this.#isReceived = false;
    this.#startTimer();
    try {
      const opened = this.#options.open(lines, {
        onResponse: (origin) => this.receive(origin),
        onHeldBack: (held) => {
          this.#options.exchange.heldBack(held.until);
          this.holdBack(held);
        },
      });
      if (isPromise(opened))
        opened.then(
          (late) => this.adopt(late),
          (error: unknown) => this.fail(asError(error)),
        );
      else this.adopt(opened);
    } catch (error) {
      this.fail(asError(error));
    }
  }

  /** Goes on with a request that waits before it goes out. */
  holdBack(held: HeldBack): void {
    this.#heldBack = held;
    clearTimeout(this.#timer);
    void held.until.then(() => {
      this.#heldBack = undefined;
      if (!this.#isCancelled && !this.#isReceived) this.#startTimer();
    });
  }

  #startTimer(): void {
    this.#timer = setTimeout(() => this.cancel(), maxWait).unref();
  }

  /** Goes on with what was just opened. */
  adopt(opened: Opened): void {
    if (this.#isCancelled) {
      opened.on('error', () => undefined);
      opened.destroy();
    } else if (isRequest(opened)) {
      this.listen(opened);
      opened.end();
    } else this.receive(opened);
  }

  /** Goes on with a request that was sent. */
  listen(inner: ClientRequest): void {
    this.#inner = inner;
    inner.on('response', (origin: IncomingMessage) => this.receive(origin));
    inner.on('error', (error) => this.fail(error));
  }

  /** Goes on with a response of the origin. */
  receive(origin: IncomingMessage): void {
    // A request function may give its response to the callback and to the event.
    if (this.#isReceived || origin === this.#arrival) return;
    this.#isReceived = true;
    this.#arrival = origin;
    clearTimeout(this.#timer);
    origin.on('error', () => undefined);
    const { exchange, isRedirected } = this.#options;
    const reception = exchange.received(originHead(origin), {
      redirected: isRedirected?.(origin) ?? false,
      sent: () => sentFields(origin),
    });
    if (isPromise(reception)) void reception.then((late) => this.admit(origin, late));
    else this.admit(origin, reception);
  }

  /** Goes on with what is to be done with a response of the origin. */
  admit(origin: IncomingMessage, reception: Reception): void {
    switch (reception.kind) {
      case 'pass': {
        const { sink } = reception;
        const { toTheEnd } = this.#options;
        if (sink === undefined || this.#isCancelled || !sink.leave(() => this.cancel(), toTheEnd)) {
          sink?.abort(new Error('Nobody waits for the response any more.'));
          discardResponse(origin);
        } else this.#body = new OriginBody(origin, sink);
        break;
      }
      case 'stored':
        discardResponse(origin);
        reception.delivery.release();
        break;
      case 'retry':
        discardResponse(origin);
        if (this.#isCancelled) this.#options.exchange.abandoned();
        else this.ask(reception.setFields);
        break;
      default:
        assertNever(reception);
    }
  }

  /** Nobody has any use for it now. */
  cancel(): void {
    if (this.#isCancelled) return;
    this.#isCancelled = true;
    clearTimeout(this.#timer);
    if (!this.#isReceived) this.#options.exchange.abandoned();
    this.#heldBack?.cancel();
    this.#body?.destroy(undefined);
    this.#inner?.destroy();
  }

  /** The request could not be made, or broke off. */
  fail(error: Error): void {
    clearTimeout(this.#timer);
    if (!this.#isReceived && !this.#isCancelled) this.#options.exchange.failed(error)?.release();
  }
}
