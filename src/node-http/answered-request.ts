import { tellsCacheInfo } from '../engine/cache-info-registry.ts';
import type { CacheInfo } from '../engine/cache-info.ts';
import type { OutgoingRequest } from './outgoing-request.ts';
import { RequestBase } from './request-base.ts';

/** What is said of an answer beside the answer itself. */
export interface AnsweredOptions {
  /** What the cache did. */
  readonly info: CacheInfo;
  /** What follow-redirects says of a response to the request it was given; `undefined` where it had no part. */
  readonly responseUrl: string | undefined;
}

/** A request whose answer was there before it was made: it looks as if it had been sent, and does nothing. */
export abstract class AnsweredRequest extends RequestBase {
  readonly #info: CacheInfo;
  readonly #responseUrl: string | undefined;

  constructor(outgoing: OutgoingRequest, { info, responseUrl }: AnsweredOptions) {
    super(outgoing);
    this.#info = info;
    this.#responseUrl = responseUrl;
    this.hasBegun = true;
    this.writableEnded = true;
    this.writableFinished = true;
    this.finished = true;
  }

  static {
    tellsCacheInfo(AnsweredRequest.prototype, (answeredRequest) => answeredRequest.#info);
  }

  /** What follow-redirects leaves on a request that it sent, and callers read the last URL from. */
  get _redirectable(): { readonly _currentUrl: string; readonly _redirectCount: number } | undefined {
    const responseUrl = this.#responseUrl;
    return responseUrl === undefined ? undefined : { _currentUrl: responseUrl, _redirectCount: 0 };
  }

  protected override begin(): void {}
}
