import type { ClientRequest, IncomingMessage } from 'node:http';
import type { FieldLines } from '../core/message.ts';
import { recordCacheInfo } from '../engine/cache-info-registry.ts';
import type { CacheInfo } from '../engine/cache-info.ts';
import type { Exchange, Plan, StoredDelivery, Waiting } from '../engine/exchange.ts';
import { andThen } from '../engine/maybe-promise.ts';
import { nextTick, nextTurn } from '../engine/turns.ts';
import type { MaybePromise } from '../managers/manager.ts';
import type { Repeat } from './followed-body.ts';
import { holdRedirect } from './hold-redirect.ts';
import type { MessageBase } from './message-base.ts';
import { type HeldBack, openWithinLimits, type Opening } from './open-within-limits.ts';
import { repeatRequest } from './repeat-request.ts';
import { RequestBase } from './request-base.ts';
import { setFields } from './request-fields.ts';
import { isRequest, type Opened, type RequestSeam } from './request-seam.ts';
import { StoredMessage } from './stored-message.ts';
import { TeeMessage, type TeeOptions } from './tee-message.ts';
import { UnattendedForward } from './unattended-forward.ts';

/** A request that gives its caller a response: the origin's as it is, the origin's on its way into the store, or a stored one. */
export abstract class RespondingRequest extends RequestBase {
  res: IncomingMessage | MessageBase | null = null;
  protected readonly seam: RequestSeam;
  /** A stored response whose first bytes are waited for. */
  protected unready: StoredMessage | undefined;
  /** Whether the caller went on with other things since it ended the request. */
  protected hasWaited = false;
  /** Whether a response is there, given to the caller or not. */
  protected isReceived = false;
  /** What it waits for before it goes to the origin. */
  protected heldBack: HeldBack | undefined;
  /** Whether the connection has closed while the response was held. */
  protected closeIsDue = false;

  constructor(seam: RequestSeam) {
    super(seam.outgoing, seam);
    this.seam = seam;
  }

  /** Does what is to be done. */
  protected abstract follow(plan: Plan): void;

  protected respondAsItIs(origin: IncomingMessage, info: CacheInfo): void {
    // The message that decodes this one's body has this same array; one record is enough for both.
    recordCacheInfo(origin.rawHeaders ?? origin, info);
    this.#respond(origin, info);
  }

  protected respondTeed(origin: IncomingMessage, options: Omit<TeeOptions, 'repeat'>): void {
    const tee = new TeeMessage(origin, { ...options, repeat: this.#repeat() });
    const { sink, info } = options;
    tee.req = this;
    const isRedirect = tee.statusCode >= 300 && tee.statusCode < 400 && tee.headers.location !== undefined;
    if (this.seam.holdRedirects === true && isRedirect && sink !== undefined) {
      holdRedirect(tee, () => this.#respond(tee, info));
    } else this.#respond(tee, info);
  }

  /** Gives a stored response to the caller, after the request was sent, and never in the turn in which it was ended. */
  protected handOut(delivery: StoredDelivery): void {
    nextTick(() => {
      if (this.writableFinished || this.destroyed) this.#respondStored(delivery);
      else {
        this.emitFinish();
        nextTick(() => this.#respondStored(delivery));
      }
    });
  }

  #respondStored(delivery: StoredDelivery): void {
    if (this.destroyed) {
      delivery.release();
      return;
    }
    this.isReceived = true;
    this.hasWaited = true;
    const message = new StoredMessage(
      delivery,
      this.seam,
      (delivery.growing ?? delivery.repeatable) && this.#repeat(),
    );
    message.req = this;
    this.unready = message;
    message.prepare((error) => {
      this.unready = undefined;
      this.stopTimer(false);
      if (error !== undefined && delivery.otherwise !== undefined) {
        this.isReceived = false;
        this.follow(delivery.otherwise(error));
        return;
      }
      message.on('close', () => this.emitClose());
      this.#respond(message, delivery.info);
      this.#refresh(delivery);
    });
    if (this.unready !== undefined) this.waitForStore();
    else if (delivery.growing === undefined) return;
    message.timeStalls(this.stallTimer());
  }

  /** Opens a request to the origin, which may have to wait for the rate limiter first. */
  protected openAtOrigin(opening: Opening): MaybePromise<Opened> {
    const { limits } = this.seam.engine;
    return limits === undefined
      ? this.seam.open(opening.onResponse)
      : openWithinLimits(limits, this.seam, opening);
  }

  /** Its own time, and that of those who share its response, runs from when it goes out. */
  protected holdBack(held: HeldBack, exchange: Exchange | undefined): void {
    this.heldBack = held;
    this.holdTimer(held.until);
    exchange?.heldBack(held.until);
    void held.until.then(() => {
      this.heldBack = undefined;
    });
  }

  /** Waits to hear what is stored. */
  protected waitForLookUp(): void {
    // What clients see as a connection starts timeouts that go on while the rate limiter is waited for.
    if (this.seam.engine.limits === undefined) this.waitForStore();
    else this.startTimer();
  }

  /** Waits for what another request gets. */
  protected waitForOther({ heldBack, plan }: Waiting): void {
    let isOver = false;
    const sent = (): void => {
      if (isOver || this.destroyed) return;
      // As far as the caller can tell, it was sent: its timeouts for the response run.
      this.emitFinish();
      this.waitForStore();
    };
    if (heldBack === undefined) sent();
    else {
      this.holdTimer(heldBack);
      void heldBack.then(sent);
    }
    void plan.then((known) => {
      isOver = true;
      this.follow(known);
    });
  }

  /** Opens a request to the origin that is like this one, with these fields set. */
  protected openPrepared(lines: FieldLines, opening: Opening): MaybePromise<Opened> {
    return andThen(this.openAtOrigin(opening), (opened) => {
      if (isRequest(opened)) this.prepare(opened, lines);
      return opened;
    });
  }

  /** Brings a request that was just opened to the state that it is to be sent in. */
  protected prepare(opened: ClientRequest, lines: FieldLines): void {
    // A request function may have sent the head: then it goes without a condition, and no answer will be about one.
    if (!opened.headersSent) setFields(opened, lines);
    this.setUp(opened);
  }

  #repeat(): Repeat {
    return repeatRequest(
      (opening) => this.openAtOrigin(opening),
      (inner) => this.setUp(inner),
    );
  }

  /** Validates behind the caller's back what it was given stale. */
  #refresh({ refresh }: StoredDelivery): void {
    if (refresh === undefined) return;
    void andThen(refresh(), (plan) => {
      if (plan?.kind !== 'forward') return;
      const { exchange, setFields: lines } = plan;
      const forward = new UnattendedForward({
        exchange,
        open: (again, opening) => this.openPrepared(again, opening),
        isRedirected: this.seam.isRedirected,
        isReceived: false,
        toTheEnd: true,
      });
      // Opening a request takes longer than answering from the store: the caller comes first.
      nextTurn(() => forward.ask(lines));
    });
  }

  #respond(message: IncomingMessage | MessageBase, info: CacheInfo): void {
    if (this.destroyed) {
      message.on('error', ignore);
      message.destroy();
      return;
    }
    this.stopTimer(true);
    this.res = message;
    this.seam.onResponse?.(info);
    // As in Node: a response that nobody waits for must not block its connection.
    if (!this.emit('response', message)) message.resume();
    if (this.closeIsDue) nextTick(() => this.closeWithResponse());
  }

  /** As in Node, a request is not over before its caller has read the response: a tee reads ahead of its own reader. */
  protected closeWithResponse(): void {
    const { res } = this;
    if (res instanceof TeeMessage && !res.closed) res.once('close', () => this.emitClose());
    else this.emitClose();
  }
}

/** For errors that somebody else tells of. */
export function ignore(): void {}
