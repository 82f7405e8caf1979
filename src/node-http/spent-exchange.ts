import { tellsCacheInfo } from '../engine/cache-info-registry.ts';
import type { CacheInfo } from '../engine/cache-info.ts';
import type { FieldLines, ResponseHead } from '../core/message.ts';
import { MessageBase } from './message-base.ts';
import type { OutgoingRequest } from './outgoing-request.ts';
import { RequestBase } from './request-base.ts';

/** What is known of a response whose body is no longer wanted. */
export interface SpentResponse {
  readonly head: ResponseHead;
  readonly trailers: FieldLines;
  readonly info: CacheInfo;
  /** What follow-redirects says of a response to the request it was given; `undefined` where it had no part. */
  readonly responseUrl: string | undefined;
  /** Whether the client has undone a content coding, and taken the field that names it out of the message. */
  readonly isDecoded: boolean;
}

/** A request that is over, for callers who look at it: nothing of it is made until they do. */
export class SpentRequest extends RequestBase {
  readonly #response: SpentResponse;
  #message: SpentMessage | undefined;

  constructor(outgoing: OutgoingRequest, response: SpentResponse) {
    super(outgoing);
    this.#response = response;
    this.hasBegun = true;
    this.writableEnded = true;
    this.writableFinished = true;
    this.finished = true;
    this.destroyed = true;
  }

  static {
    tellsCacheInfo(SpentRequest.prototype, (spentRequest) => spentRequest.#response.info);
  }

  get res(): SpentMessage {
    return (this.#message ??= new SpentMessage(this.#response, this));
  }

  /** What follow-redirects leaves on a request that it sent, and callers read the last URL from. */
  get _redirectable(): { readonly _currentUrl: string; readonly _redirectCount: number } | undefined {
    const { responseUrl } = this.#response;
    return responseUrl === undefined ? undefined : { _currentUrl: responseUrl, _redirectCount: 0 };
  }

  override destroy(): this {
    return this;
  }

  protected override begin(): void {}
}

/** A response that was read to its end. */
export class SpentMessage extends MessageBase {
  constructor({ head, trailers, info, responseUrl, isDecoded }: SpentResponse, request: SpentRequest) {
    super(head, info);
    this.req = request;
    this.finishBody(trailers);
    if (isDecoded) delete this.headers['content-encoding'];
    if (responseUrl !== undefined) Object.assign(this, { responseUrl, redirects: [] });
    // A stream comes to its end in a later turn, but this one has come to it before.
    Object.defineProperty(this, 'readableEnded', { value: true });
    this.resume();
    // What decodes a message pipes it, and lets go of it in the end.
    if (isDecoded) this.pause();
    this.destroy();
  }

  override _read(): void {}

  protected override letGo(): void {}
}
