import type { StoredDelivery } from '../engine/exchange.ts';
import { nextTick } from '../engine/turns.ts';
import { AnsweredRequest, type AnsweredOptions } from './answered-request.ts';
import type { OutgoingRequest } from './outgoing-request.ts';
import { StoredMessage } from './stored-message.ts';

/** A request whose stored response is being read: it is over when that is. */
export class StreamedRequest extends AnsweredRequest {
  readonly res: StoredMessage;

  /** @param delivery - Whose body is in memory, all of it. */
  constructor(
    outgoing: OutgoingRequest,
    delivery: StoredDelivery,
    { responseUrl }: Omit<AnsweredOptions, 'info'>,
  ) {
    super(outgoing, { info: delivery.info, responseUrl });
    const message = new StoredMessage(delivery);
    message.req = this;
    if (responseUrl !== undefined) Object.assign(message, { responseUrl, redirects: [] });
    message.prepare(ignore);
    message.on('close', () => this.emitClose());
    this.res = message;
  }

  override destroy(error?: Error): this {
    if (this.destroyed) return this;
    this.destroyed = true;
    // The client that sent a request listens to its errors.
    this.on('error', ignore);
    nextTick(() => {
      this.emitDestroyed(error);
      this.emitClose();
    });
    return this;
  }
}

function ignore(): void {}
