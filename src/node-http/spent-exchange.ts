import type { FieldLines, ResponseHead } from '../core/message.ts';
import { AnsweredRequest, type AnsweredOptions } from './answered-request.ts';
import { MessageBase } from './message-base.ts';
import type { OutgoingRequest } from './outgoing-request.ts';

/** What is known of a response whose body is no longer wanted. */
export interface SpentResponse extends AnsweredOptions {
  readonly head: ResponseHead;
  readonly trailers: FieldLines;
  /** Whether the client has undone a content coding, and taken the field that names it out of the message. */
  readonly isDecoded: boolean;
}

/** A request that is over, for callers who look at it: nothing of it is made until they do. */
export class SpentRequest extends AnsweredRequest {
  readonly #response: SpentResponse;
  #message: SpentMessage | undefined;

  constructor(outgoing: OutgoingRequest, response: SpentResponse) {
    super(outgoing, response);
    this.#response = response;
    this.destroyed = true;
  }

  get res(): SpentMessage {
    return (this.#message ??= new SpentMessage(this.#response, this));
  }

  override destroy(): this {
    return this;
  }
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
