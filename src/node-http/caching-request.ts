import type { ClientRequest, IncomingMessage } from 'node:http';
import { assertNever } from '../core/assert-never.ts';
import type { FieldLines, ResponseHead } from '../core/message.ts';
import { recordCacheInfo } from '../engine/cache-info-registry.ts';
import type { CacheInfo } from '../engine/cache-info.ts';
import type { Exchange, Plan, Reception, StoredDelivery } from '../engine/exchange.ts';
import { isPromise } from '../engine/maybe-promise.ts';
import type { MaybePromise } from '../managers/manager.ts';
import { isConnectionError } from './connection-error.ts';
import { canBeLookedUp } from './can-be-looked-up.ts';
import { asError } from './native-errors.ts';
import { discardResponse } from './discard-response.ts';
import { holdRedirect } from './hold-redirect.ts';
import type { MessageBase } from './message-base.ts';
import { originHead } from './origin-head.ts';
import { relayEvents } from './relay-events.ts';
import { RequestBase } from './request-base.ts';
import { setFields } from './request-fields.ts';
import { isRequest, type OnResponse, type Opened, type RequestSeam } from './request-seam.ts';
import { sentFields } from './sent-fields.ts';
import { StoredMessage } from './stored-message.ts';
import { TeeMessage, type TeeOptions } from './tee-message.ts';

/**
 * A request that a cache stands before, to be used like an `http.ClientRequest`.
 *
 * A GET or HEAD is looked up when it is ended, since only then is it certain that no body comes. Everything else is
 * opened at once, and its body passes straight through. Either way the response is held until the cache has seen it,
 * so that what an unsafe request invalidates is gone before its caller can ask again (RFC 9111 §4.4).
 *
 * Errors, aborts and events reach the caller as they would without the cache.
 */
export class CachingRequest extends RequestBase {
  res: IncomingMessage | MessageBase | null = null;
  readonly #seam: RequestSeam;
  #exchange: Exchange | undefined;
  #unready: StoredMessage | undefined;
  #hasWaited = false;
  #isReceived = false;
  #closeIsDue = false;

  /** @throws what the opener throws, for a request that is opened at once. */
  constructor(seam: RequestSeam, onResponse?: OnResponse) {
    super(seam.outgoing, seam);
    this.#seam = seam;
    if (onResponse !== undefined) this.once('response', onResponse);
    if (!canBeLookedUp(seam.outgoing.method, seam.outgoing.headers)) this.begin(true);
  }

  destroy(error?: Error): this {
    if (this.destroyed) return this;
    this.destroyed = true;
    this.stopTimer(true);
    this.#unready?.destroy();
    this.hasBegun = true;
    if (!this.#isReceived) this.#exchange?.abandoned();
    const { inner } = this;
    // A response that is held takes the error of its request with it, and the caller does not have it.
    if (this.#isReceived && this.res === null) this.inner = undefined;
    if (this.inner === undefined) {
      process.nextTick(() => {
        this.emitDestroyed(error);
        this.emitClose();
      });
    }
    if (this.aborted) inner?.abort();
    else inner?.destroy(error);
    return this;
  }

  protected override begin(hasBody: boolean): void {
    this.hasBegun = true;
    const { engine, outgoing, options } = this.#seam;
    const { method, url, identity } = outgoing;
    const headers = this.fields.lines;
    const plan = this.#seam.plan?.() ?? engine.begin({ method, url, headers, options, hasBody, identity });
    if (!isPromise(plan)) {
      this.#follow(plan);
      return;
    }
    this.#hasWaited = true;
    this.waitForStore();
    void plan.then((answer) => this.#follow(answer));
  }

  #follow(plan: Plan): void {
    this.stopTimer(false);
    switch (plan.kind) {
      case 'stored':
        this.#handOut(plan.delivery);
        break;
      case 'forward':
        this.#exchange = plan.exchange;
        if (this.destroyed) plan.exchange.abandoned();
        else this.#ask(plan.setFields);
        break;
      default:
        assertNever(plan);
    }
  }

  #ask(lines: FieldLines): void {
    let opened: MaybePromise<Opened>;
    try {
      opened = this.#seam.open((origin) => this.#receive(origin));
    } catch (error) {
      // As from `http.request`, as long as the caller is still there to catch it.
      if (this.#hasWaited) this.#fail(asError(error));
      else {
        this.#exchange?.abandoned();
        throw error;
      }
      return;
    }
    if (!isPromise(opened)) {
      this.#adopt(opened, lines);
      return;
    }
    this.#hasWaited = true;
    opened.then(
      (late) => this.#adopt(late, lines),
      (error: unknown) => this.#fail(asError(error)),
    );
  }

  #adopt(opened: Opened, lines: FieldLines): void {
    if (this.destroyed) {
      opened.on('error', ignore);
      opened.destroy();
      return;
    }
    if (!isRequest(opened)) {
      process.nextTick(() => {
        this.emitFinish();
        this.#receive(opened);
      });
      return;
    }
    this.inner = opened;
    setFields(opened, lines);
    this.setUp(opened);
    this.#listen(opened);
    this.sendUnsent(opened);
  }

  #listen(inner: ClientRequest): void {
    const mayBeUpgraded = this.method === 'CONNECT' || this.hasHeader('upgrade');
    relayEvents(inner, this, { mayBeUpgraded });
    inner.on('finish', () => this.emitFinish());
    inner.on('response', (origin: IncomingMessage) => this.#receive(origin));
    inner.on('error', (error) => {
      if (this.inner !== inner) return;
      if (this.#isReceived) {
        this.destroyed = true;
        this.emit('error', error);
      } else this.#fail(error);
    });
    inner.on('close', () => {
      if (this.inner !== inner) return;
      if (this.#isReceived && this.res === null) this.#closeIsDue = true;
      else this.#closeWithResponse();
    });
  }

  #fail(error: Error): void {
    this.stopTimer(true);
    if (!this.destroyed) {
      // RFC 9111 §4.2.4: what is stored may stand in while the origin cannot be reached.
      if (isConnectionError(error)) {
        const standIn = this.#exchange?.failed(error);
        if (standIn !== undefined) {
          this.inner = undefined;
          this.#handOut(standIn);
          return;
        }
      } else this.#exchange?.abandoned();
      this.destroyed = true;
      if (this.inner === undefined) process.nextTick(() => this.emitClose());
    }
    this.emit('error', error);
  }

  #receive(origin: IncomingMessage): void {
    const exchange = this.#exchange;
    if (exchange === undefined || this.#isReceived) return;
    this.#isReceived = true;
    const head = originHead(origin);
    const redirected = this.#seam.isRedirected?.(origin) ?? false;
    const reception = exchange.received(head, { redirected, sent: sentFields(origin) });
    if (!isPromise(reception)) {
      this.#admit(origin, reception, head);
      return;
    }
    origin.on('error', ignore);
    void reception.then((answer) => this.#admit(origin, answer));
  }

  /** @param unseen - The head of an origin's message that nothing has happened to since it came. */
  #admit(origin: IncomingMessage, reception: Reception, unseen?: ResponseHead): void {
    switch (reception.kind) {
      case 'pass': {
        const { head, sink, info } = reception;
        if (this.destroyed) sink?.abort(new Error('The request was destroyed.'));
        else if (sink === undefined && head === unseen) this.#respondAsItIs(origin, info);
        else this.#respondTeed(origin, { head, sink, info });
        break;
      }
      case 'stored':
        this.inner = undefined;
        discardResponse(origin);
        this.#handOut(reception.delivery);
        break;
      case 'retry':
        this.inner = undefined;
        discardResponse(origin);
        this.#isReceived = false;
        this.#hasWaited = true;
        if (this.destroyed) this.#exchange?.abandoned();
        else this.#ask(reception.setFields);
        break;
      default:
        assertNever(reception);
    }
  }

  #respondAsItIs(origin: IncomingMessage, info: CacheInfo): void {
    recordCacheInfo(origin, info);
    // The message that decodes this one's body has this same array.
    recordCacheInfo(origin.rawHeaders ?? origin, info);
    this.#respond(origin, info);
  }

  #respondTeed(origin: IncomingMessage, options: TeeOptions): void {
    const tee = new TeeMessage(origin, options);
    tee.req = this;
    const isRedirect = tee.statusCode >= 300 && tee.statusCode < 400 && tee.headers.location !== undefined;
    if (this.#seam.holdRedirects === true && isRedirect && options.sink !== undefined) {
      holdRedirect(tee, () => this.#respond(tee, options.info));
    } else this.#respond(tee, options.info);
  }

  /** Gives a stored response to the caller, after the request was sent, and never in the turn in which it was ended. */
  #handOut(delivery: StoredDelivery): void {
    process.nextTick(() => {
      if (this.writableFinished || this.destroyed) this.#respondStored(delivery);
      else {
        this.emitFinish();
        process.nextTick(() => this.#respondStored(delivery));
      }
    });
  }

  #respondStored(delivery: StoredDelivery): void {
    if (this.destroyed) {
      delivery.release();
      return;
    }
    this.#isReceived = true;
    this.#hasWaited = true;
    const message = new StoredMessage(delivery, this.#seam);
    message.req = this;
    this.#unready = message;
    message.prepare((error) => {
      this.#unready = undefined;
      this.stopTimer(false);
      if (error !== undefined && delivery.otherwise !== undefined) {
        this.#isReceived = false;
        this.#follow(delivery.otherwise(error));
        return;
      }
      message.on('close', () => this.emitClose());
      this.#respond(message, delivery.info);
    });
    if (this.#unready === undefined) return;
    this.waitForStore();
    message.timeStalls(this.stallTimer());
  }

  #respond(message: IncomingMessage | MessageBase, info: CacheInfo): void {
    if (this.destroyed) {
      message.on('error', ignore);
      message.destroy();
      return;
    }
    this.stopTimer(true);
    this.res = message;
    this.#seam.onResponse?.(info);
    // As in Node: a response that nobody waits for must not block its connection.
    if (!this.emit('response', message)) message.resume();
    if (this.#closeIsDue) process.nextTick(() => this.#closeWithResponse());
  }

  /** As in Node, a request is not over before its caller has read the response: a tee reads ahead of its own reader. */
  #closeWithResponse(): void {
    if (this.res instanceof TeeMessage && !this.res.closed) this.res.once('close', () => this.emitClose());
    else this.emitClose();
  }
}

function ignore(): void {}
