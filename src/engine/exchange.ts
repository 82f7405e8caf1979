import type { Readable } from 'node:stream';
import type { FieldLines, RequestHead, ResponseHead } from '../core/message.ts';
import type { MaybePromise } from '../managers/manager.ts';
import type { BypassReason, CacheInfo } from './cache-info.ts';
import type { OriginLimits } from './origin-limits.ts';
import type { RequestOptions } from './request-options.ts';

/** A request as a client is about to send it. */
export interface CacheableRequest extends RequestHead {
  /** What the caller asked of the cache for this request; `false` for nothing at all. */
  readonly options: RequestOptions | false | undefined;
  /** Whether a body goes with it. */
  readonly hasBody: boolean;
  /** The body, where responses are kept by it; see {@link Engine.isByBody}. */
  readonly body?: Uint8Array | undefined;
  /** Who asks, beyond what the header fields say: a client certificate, a unix socket. Counts as a credential. */
  readonly identity?: string | undefined;
}

/** A response from the store, ready to be handed out: `Age` and status fields are in its head. */
export interface StoredDelivery {
  /** The head as the caller sees it. Every delivery has arrays of its own. */
  readonly head: ResponseHead;
  /** The trailer section. */
  readonly trailers: FieldLines;
  /** The length of the body in bytes; `undefined` while it is still being received and nobody can know. */
  readonly size: number | undefined;
  /**
   * The head as the origin sent it, where the body is still being received for another request: it may break off, and is
   * then to be asked for anew from the origin.
   */
  readonly growing: ResponseHead | undefined;
  /**
   * The head that was stored, where the rest of a streamed body that fails midway is to be asked for from the origin. Absent
   * for a part of a body, and where the origin must not be asked.
   */
  readonly repeatable?: ResponseHead | undefined;
  /**
   * The whole body where that is at hand in memory, to be looked at only: never to be changed or handed to a caller. The
   * same object each time stands for the same bytes. `undefined` when it must be streamed by `open`.
   */
  view(): Uint8Array | undefined;
  /** A copy of the whole body where that is at hand in memory, made at each call; `undefined` when it must be streamed by `open`. */
  bytes(): Uint8Array | undefined;
  /** The body as a stream. At most one of `open` and `bytes` is used. */
  open(): Readable;
  /**
   * What to do instead when a streamed body fails, or gives nothing for `firstChunkTimeoutMs`, before its first byte:
   * nothing of the response was handed out, so the origin can still be asked. Absent where there is nothing left to ask.
   */
  readonly otherwise?: ((error: Error) => Plan) | undefined;
  /**
   * To be called once the response was handed out: what to do behind it, without its caller. Gives a plan to forward, or
   * nothing where that is under way already. Absent where nothing is to be done.
   */
  readonly refresh?: (() => MaybePromise<Plan | undefined>) | undefined;
  /** How long the first bytes of a streamed body may take, in milliseconds. */
  readonly firstChunkTimeoutMs: number;
  /** Lets go of the body when it will not be read. Doing so twice, or after it was read, does nothing. */
  release(): void;
  /** What the cache did. */
  readonly info: CacheInfo;
}

/** Where the first reader of a body goes on that others read too. */
export interface OwnRest {
  /** What is there of the body, and what comes. */
  readonly source: Readable;
  /** The position of its first byte: 0, or where the reader is. */
  readonly start: number;
}

/** Takes the bytes of the origin's body as they pass by. None of it ever throws, and none of it ever hurts the reader. */
export interface BodySink {
  /**
   * Takes a chunk; the sink copies what it keeps. `false` asks to be given no more until `drained` calls back, which it
   * does within a second whatever the store does.
   */
  write(chunk: Uint8Array): boolean;
  /** Calls back, once, when the sink may be given more. */
  drained(callback: () => void): void;
  /** The body came to its end; `complete` tells whether the wire says that it is all there. */
  end(complete: boolean, trailers: FieldLines): void;
  /** The body did not come to its end. */
  abort(reason: unknown): void;
  /** Whether the body is received further when its reader leaves: others read it too, or the cache is told to finish it. */
  readonly outlivesReader: boolean;
  /**
   * The reader leaves, or there is none. Whether the body is received further; if so, `cancel` is called once there is
   * no more need to.
   *
   * @param toTheEnd - It is to be stored whether or not others read it.
   */
  leave(cancel: () => void, toTheEnd?: boolean): boolean;
  /** Calls back, once, when all that it took so far is in the store, or the store has let go of it. */
  whenWritten(callback: () => void): void;
  /** Calls back when others begin to read the body too: from then on its own reader must not hold it up. */
  whenRead(callback: () => void): void;
  /**
   * The body for its own reader, which has had so many bytes of it, and does not hold up the others any more from then on;
   * `undefined` when it is not to be had but from the wire.
   */
  fallBehind(given: number): OwnRest | undefined;
  /** Whether others read the body too. */
  readonly isRead: boolean;
}

/** What to do with a response of the origin. */
export type Reception =
  /** Hand it to the caller with this head, and its body to the sink too, if there is one. */
  | {
      readonly kind: 'pass';
      readonly head: ResponseHead;
      readonly sink: BodySink | undefined;
      readonly info: CacheInfo;
    }
  /** Discard it and hand out the stored response. */
  | { readonly kind: 'stored'; readonly delivery: StoredDelivery }
  /** Discard it and ask again, with these fields set in place of those of the plan: a 304 that confirms nothing that is stored. */
  | { readonly kind: 'retry'; readonly setFields: FieldLines };

/** The origin's side of one request. Ends in `received` that passes or stores, in `failed`, or in `abandoned`. */
export interface Exchange {
  /** The request has to wait before it goes out. It counts as sent when `until` fulfils. */
  heldBack(until: Promise<void>): void;
  /** Called once for a final response (not for 1xx), before anything of it reaches the caller. Never rejects. */
  received(head: ResponseHead, options?: ReceivedOptions): MaybePromise<Reception>;
  /** The origin could not be reached. Gives the stored response that may stand in, if there is one. */
  failed(error: Error): StoredDelivery | undefined;
  /**
   * The caller leaves before it was given a response. Whether others wait for it, so that the exchange has to be gone on
   * with; if so, `cancel` is called once they have left too.
   */
  leave(cancel: () => void): boolean;
  /** The request is given up before a response came. */
  abandoned(): void;
}

/** What the seam knows about a response beyond its head. */
export interface ReceivedOptions {
  /** The transport answered for another URI than it was asked for, so the response must not be stored. */
  readonly redirected?: boolean;
  /**
   * Gives the fields that went out, where they can be told: what opened the request may have added to those looked up
   * with. Asked only for a response that may be stored, or that confirms what is.
   */
  readonly sent?: () => FieldLines | undefined;
}

/** What is to be done with a request. */
export type Plan =
  /** Hand out the stored response. */
  | { readonly kind: 'stored'; readonly delivery: StoredDelivery }
  /** Ask the origin, with these fields set in place of fields of the same names, and tell the exchange what comes. */
  | { readonly kind: 'forward'; readonly setFields: FieldLines; readonly exchange: Exchange }
  /** Wait for what another request gets. */
  | { readonly kind: 'wait'; readonly waiting: Waiting };

/** A request that waits for the response to another one. */
export interface Waiting {
  /** What is to be done once that is known. Fulfils within a bounded time unless it is left, and never rejects. */
  readonly plan: Promise<Plan>;
  /** Fulfils when that other request goes out; `undefined` where it did. */
  readonly heldBack: Promise<void> | undefined;
  /** The caller left: nothing more will be asked of it. */
  leave(): void;
}

/** The engine as the clients' seams see it. */
export interface Engine {
  /** What each request to the origin waits for; `undefined` where it does not. */
  readonly limits: OriginLimits | undefined;
  /**
   * Looks a request up. Answers at once when the manager does, and for every request that is only passed through:
   * methods other than GET and HEAD, `no-store`, several ranges, bodies. Never throws or rejects.
   */
  begin(request: CacheableRequest): MaybePromise<Plan>;
  /**
   * Whether responses to a request are to be kept by its body, which is then to be given to {@link Engine.begin} if it is not
   * longer than 1 MiB.
   */
  isByBody(request: RequestHead, options: CacheableRequest['options']): boolean;
  /**
   * Why the cache has nothing to do with any GET or HEAD that is made with these options, nor with the answer, but to say
   * so by {@link Engine.bypassed}; `undefined` where it has, or only the request itself can tell.
   */
  hasNoPart(options: CacheableRequest['options']): BypassReason | undefined;
  /** What to say of a request that takes a way on which the cache does not sit. Emits the event for it. */
  bypassed(request: RequestHead, reason: BypassReason, forwardStatus?: number): CacheInfo;
  /** Forgets what was counted and learnt, once the store is empty. */
  reset(): void;
}
