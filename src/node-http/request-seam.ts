import type { EventEmitter } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { CacheInfo } from '../engine/cache-info.ts';
import type { Engine, Plan } from '../engine/exchange.ts';
import type { RequestOptions } from '../engine/request-options.ts';
import type { MaybePromise } from '../managers/manager.ts';
import type { MessageBase } from './message-base.ts';
import type { OutgoingRequest } from './outgoing-request.ts';

/** What a request function gives: a request yet to be ended, or at once a response. */
export type Opened = ClientRequest | IncomingMessage;

/** Tells what was opened. The test is got's. */
export function isRequest(opened: Opened): opened is ClientRequest {
  return 'writable' in opened && opened.writable && !opened.writableEnded;
}

/** Called with the response, as by `http.request`. */
export type OnResponse = (response: IncomingMessage | MessageBase) => void;

/** What a client's seam gives to a {@link CachingRequest}. */
export interface RequestSeam {
  /** The cache. */
  readonly engine: Engine;
  /** The request. */
  readonly outgoing: OutgoingRequest;
  /** What the caller asked of the cache. */
  readonly options: RequestOptions | false | undefined;
  /**
   * Opens the request to the origin, as without a cache; it is sent when it is ended. Called anew for each time that the
   * origin is asked, and not at all for a response that comes from the store. `onResponse` is for request functions that
   * take a callback and may emit no `response`.
   */
  readonly open: (onResponse: (origin: IncomingMessage) => void) => MaybePromise<Opened>;
  /** Gives what `engine.begin` said of this very request, where the seam had to ask before. Called once, when it begins. */
  readonly plan?: () => MaybePromise<Plan> | undefined;
  /** Whether a response is one to another URI than was asked for. Without it: never. */
  readonly isRedirected?: (response: IncomingMessage) => boolean;
  /**
   * The client throws a redirect away as soon as it sees its head, so one that is to be stored is held for its body,
   * though not for long.
   */
  readonly holdRedirects?: boolean;
  /** The client measures its timeout from the `socket` event on. */
  readonly idleSocket?: boolean;
  /** `setTimeout` is for the time until the response, and not only for a silent connection. */
  readonly timeoutIsTotal?: boolean;
  /** Over HTTP/2, the client shows the pseudo-field `:status` among the fields of a response. */
  readonly statusField?: boolean;
  /** Told that the request was sent after all, which its caller was told when it began to wait for another one. */
  readonly onSentLate?: (request: EventEmitter) => void;
  /** Told what became of the request, just before the caller gets the response. */
  readonly onResponse?: (info: CacheInfo) => void;
}
