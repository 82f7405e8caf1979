import type { ClientRequest, IncomingMessage } from 'node:http';
import { assertNever } from '../core/assert-never.ts';
import type { FieldLines, ResponseHead } from '../core/message.ts';
import { longestRequestBody } from '../engine/body-methods.ts';
import type { Exchange, Plan, Reception, Waiting } from '../engine/exchange.ts';
import { isPromise } from '../engine/maybe-promise.ts';
import { nextTick } from '../engine/turns.ts';
import type { MaybePromise } from '../managers/manager.ts';
import { isConnectionError } from './connection-error.ts';
import { canBeLookedUp, isExpecting } from './can-be-looked-up.ts';
import { asError } from './native-errors.ts';
import { discardResponse } from './discard-response.ts';
import { hideError, isHiddenError } from './hidden-error.ts';
import { originHead } from './origin-head.ts';
import { ownSilence } from './own-silence.ts';
import { relayEvents } from './relay-events.ts';
import { ignore, RespondingRequest } from './responding-request.ts';
import { isRequest, type OnResponse, type Opened, type RequestSeam } from './request-seam.ts';
import { sentFields } from './sent-fields.ts';
import { TeeMessage } from './tee-message.ts';
import { UnattendedForward } from './unattended-forward.ts';

/**
 * A request that a cache stands before, to be used like an `http.ClientRequest`.
 *
 * A GET or HEAD is looked up when it is ended, since only then is it certain that no body comes. Everything else is
 * opened at once, and its body passes straight through. Either way the response is held until the cache has seen it,
 * so that what an unsafe request invalidates is gone before its caller can ask again (RFC 9111 §4.4).
 *
 * Errors, aborts and events reach the caller as they would without the cache.
 */
export class CachingRequest extends RespondingRequest {
  #exchange: Exchange | undefined;
  #waiting: Waiting | undefined;
  #unattended: UnattendedForward | undefined;
  #arrival: IncomingMessage | undefined;

  /** @throws what the opener throws, for a request that is opened at once. */
  constructor(seam: RequestSeam, onResponse?: OnResponse) {
    super(seam);
    if (onResponse !== undefined) this.once('response', onResponse);
    const { engine, outgoing, options } = seam;
    if (canBeLookedUp(outgoing.method, outgoing.headers)) return;
    if (engine.isByBody(outgoing, options) && !isExpecting(outgoing.headers))
      this.holdBody(longestRequestBody);
    else this.begin(true);
  }

  destroy(error?: Error): this {
    if (this.destroyed || isHiddenError(error)) return this;
    this.destroyed = true;
    this.stopTimer(true);
    this.unready?.destroy();
    this.#waiting?.leave();
    this.hasBegun = true;
    const { inner } = this;
    const goesOn = this.#leaveToOthers();
    // What this caller takes for silence does not concern the others.
    if (goesOn) inner?.socket?.setTimeout(0);
    // A response that is held takes the error of its request with it, and the caller does not have it.
    if (goesOn || (this.isReceived && this.res === null)) this.inner = undefined;
    if (this.inner === undefined) {
      nextTick(() => {
        this.emitDestroyed(error);
        this.emitClose();
      });
    }
    if (goesOn) return this;
    this.heldBack?.cancel();
    if (this.aborted) inner?.abort();
    else inner?.destroy(error);
    return this;
  }

  /** The caller leaves. Whether what the origin was asked for goes on, because others want it too. */
  #leaveToOthers(): boolean {
    const { inner, res } = this;
    if (res !== null) return res instanceof TeeMessage && res.requestDestroyed();
    const exchange = this.#exchange;
    if (exchange?.leave(() => this.#unattended?.cancel()) !== true) {
      if (!this.isReceived) exchange?.abandoned();
      return false;
    }
    this.#unattended = new UnattendedForward({
      exchange,
      open: (lines, opening) => this.openPrepared(lines, opening),
      isRedirected: this.seam.isRedirected,
      isReceived: this.isReceived,
      toTheEnd: false,
    });
    if (inner !== undefined) this.#unattended.listen(inner);
    if (this.heldBack !== undefined) this.#unattended.holdBack(this.heldBack);
    return true;
  }

  protected override begin(hasBody: boolean, body?: Uint8Array): void {
    this.hasBegun = true;
    const { engine, outgoing, options } = this.seam;
    const { method, url, identity } = outgoing;
    const headers = this.fields.lines;
    const plan =
      this.seam.plan?.() ?? engine.begin({ method, url, headers, options, hasBody, body, identity });
    if (!isPromise(plan)) {
      this.follow(plan);
      return;
    }
    this.hasWaited = true;
    this.waitForLookUp();
    void plan.then((answer) => this.follow(answer));
  }

  protected override follow(plan: Plan): void {
    this.stopTimer(false);
    switch (plan.kind) {
      case 'stored':
        this.handOut(plan.delivery);
        break;
      case 'forward':
        this.#exchange = plan.exchange;
        if (this.destroyed) plan.exchange.abandoned();
        else this.#ask(plan.setFields);
        break;
      case 'wait':
        this.#waitFor(plan.waiting);
        break;
      default:
        assertNever(plan);
    }
  }

  #waitFor(waiting: Waiting): void {
    if (this.destroyed) {
      waiting.leave();
      return;
    }
    this.#waiting = waiting;
    this.hasWaited = true;
    this.waitForOther(waiting);
  }

  #ask(lines: FieldLines): void {
    let opened: MaybePromise<Opened>;
    try {
      opened = this.openAtOrigin({
        onResponse: (origin) => this.#arrived(origin),
        onHeldBack: (held) => this.holdBack(held, this.#exchange),
      });
    } catch (error) {
      // As from `http.request`, as long as the caller is still there to catch it.
      if (this.hasWaited) this.#fail(asError(error));
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
    this.hasWaited = true;
    opened.then(
      (late) => this.#adopt(late, lines),
      (error: unknown) => this.#failToOpen(asError(error)),
    );
  }

  #failToOpen(error: Error): void {
    if (this.#unattended !== undefined) this.#unattended.fail(error);
    // The caller has left, and would not hear of it without the cache either.
    else if (!this.destroyed) this.#fail(error);
  }

  #adopt(opened: Opened, lines: FieldLines): void {
    if (this.destroyed && this.#unattended === undefined) {
      opened.on('error', ignore);
      opened.destroy();
      return;
    }
    try {
      if (isRequest(opened)) this.prepare(opened, lines);
    } catch (error) {
      opened.on('error', ignore);
      opened.destroy();
      this.#failToOpen(asError(error));
      return;
    }
    if (this.#unattended !== undefined) {
      this.#unattended.adopt(opened);
    } else if (isRequest(opened)) {
      this.inner = opened;
      this.#listen(opened);
      this.sendUnsent(opened);
    } else {
      nextTick(() => {
        this.emitFinish();
        this.#arrived(opened);
      });
    }
  }

  #listen(inner: ClientRequest): void {
    const mayBeUpgraded = this.method === 'CONNECT' || this.hasHeader('upgrade');
    relayEvents(inner, this, { mayBeUpgraded });
    if (this.seam.idleSocket === true) inner.on('socket', (socket) => ownSilence(socket, this));
    inner.on('finish', () => {
      if (this.writableFinished) this.seam.onSentLate?.(this);
      this.emitFinish();
    });
    inner.on('response', (origin: IncomingMessage) => this.#arrived(origin));
    inner.on('error', (error) => {
      if (this.inner !== inner) return;
      if (this.isReceived) {
        this.destroyed = true;
        this.emit('error', error);
      } else this.#fail(error);
    });
    inner.on('close', () => {
      if (this.inner !== inner) return;
      if (this.isReceived && this.res === null) this.closeIsDue = true;
      else this.closeWithResponse();
    });
  }

  #fail(error: Error): void {
    this.stopTimer(true);
    if (!this.destroyed) {
      // RFC 9111 §4.2.4: what is stored may stand in while the origin cannot be reached.
      if (isConnectionError(error)) {
        const standIn = this.#exchange?.failed(error);
        if (standIn !== undefined) {
          hideError(error);
          this.inner = undefined;
          this.handOut(standIn);
          return;
        }
      } else this.#exchange?.abandoned();
      this.destroyed = true;
      if (this.inner === undefined) nextTick(() => this.emitClose());
    }
    this.emit('error', error);
  }

  #arrived(origin: IncomingMessage): void {
    // A request function may give its response to the callback and to the event.
    if (origin === this.#arrival) return;
    this.#arrival = origin;
    if (this.#unattended === undefined) this.#receive(origin);
    else this.#unattended.receive(origin);
  }

  #receive(origin: IncomingMessage): void {
    const exchange = this.#exchange;
    if (exchange === undefined || this.isReceived) return;
    this.isReceived = true;
    const head = originHead(origin);
    const redirected = this.seam.isRedirected?.(origin) ?? false;
    const reception = exchange.received(head, { redirected, sent: () => sentFields(origin) });
    if (!isPromise(reception)) {
      this.#admit(origin, reception, head);
      return;
    }
    origin.on('error', ignore);
    void reception.then((answer) => this.#admit(origin, answer));
  }

  /** @param unseen - The head of an origin's message that nothing has happened to since it came. */
  #admit(origin: IncomingMessage, reception: Reception, unseen?: ResponseHead): void {
    if (this.#unattended !== undefined) {
      this.#unattended.admit(origin, reception);
      return;
    }
    switch (reception.kind) {
      case 'pass': {
        const { head, sink, info } = reception;
        if (this.destroyed) sink?.abort(new Error('The request was destroyed.'));
        else if (sink === undefined && head === unseen) this.respondAsItIs(origin, info);
        else this.respondTeed(origin, { head, sink, info });
        break;
      }
      case 'stored':
        this.inner = undefined;
        discardResponse(origin);
        this.handOut(reception.delivery);
        break;
      case 'retry':
        this.inner = undefined;
        discardResponse(origin);
        this.isReceived = false;
        this.hasWaited = true;
        if (this.destroyed) this.#exchange?.abandoned();
        else this.#ask(reception.setFields);
        break;
      default:
        assertNever(reception);
    }
  }
}
