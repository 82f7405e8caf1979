import type { FieldLines } from '../core/message.ts';
import type { MaybePromise } from '../managers/manager.ts';

/** A request that is about to go to the origin. */
export interface LimitedRequest {
  /** Its target URI. */
  readonly url: string;
  /** The host of its target URI, in lower case, with the port where that is not the scheme's own. */
  readonly host: string;
  /** Its method, in upper case. */
  readonly method: string;
}

/** What came of a request that was let through. */
export interface LimitedAnswer {
  /** The status code; `undefined` when no response came. */
  readonly status: number | undefined;
  /** For how many milliseconds the response asks to be left alone (`Retry-After`); `undefined` where it does not say. */
  readonly retryAfterMs: number | undefined;
  /** The fields of the response; none when no response came. */
  readonly headers: FieldLines;
  /** Fulfils when the response is over, its body read or let go of; never rejects. */
  readonly ended: Promise<void>;
}

/**
 * Says when requests may go to the origin: each one that does waits for it, whatever it is for, and none that is answered
 * from the store does.
 *
 * @example
 * ```ts
 * import { setTimeout } from 'node:timers/promises';
 * import { HttpCache, type RateLimiter } from 'http-larder';
 *
 * const rateLimiter: RateLimiter = {
 *   acquire: (_request, { signal }) => setTimeout(100, undefined, { signal }),
 *   answered: ({ url }, { status }) => console.log(url, status),
 * };
 * const cache = new HttpCache({ rateLimiter });
 * ```
 */
export interface RateLimiter {
  /**
   * Called before each request to the origin, which goes out when what comes back fulfils, or at once when that is no
   * promise. When it throws or rejects, the request fails with that error.
   *
   * @param options - `signal` is aborted when the request is given up: nobody waits any more then, and what comes back
   * may reject.
   */
  acquire(request: LimitedRequest, options: { readonly signal: AbortSignal }): MaybePromise<void>;
  /**
   * Called once for each request that `acquire` let through, with the same object: when the head of the response is there,
   * or when it is certain that none comes. What it throws is an `error` event.
   */
  answered(request: LimitedRequest, answer: LimitedAnswer): void;
}
