import type { Readable } from 'node:stream';
import type { FieldLines, ResponseHead } from '../core/message.ts';
import type { CacheInfo } from './cache-info.ts';
import { emptyBody } from './empty-body.ts';
import type { StoredDelivery } from './exchange.ts';
import type { SharedResponse } from './shared-response.ts';
import { deliveredFields, type DeliveryOptions } from './stored-delivery.ts';

/** How a shared response is handed out. */
export interface SharedDeliveryOptions extends Omit<
  DeliveryOptions,
  'request' | 'now' | 'otherwise' | 'mayRepeat' | 'refresh'
> {
  /** What is there of its body, and what comes. */
  readonly body: Readable;
}

/** A response that came for another request and is still being received, on its way to this one's caller. */
export class SharedDelivery implements StoredDelivery {
  readonly head: ResponseHead;
  readonly size: number | undefined;
  readonly growing: ResponseHead | undefined;
  readonly otherwise: undefined;
  readonly firstChunkTimeoutMs: number = 0;
  readonly info: CacheInfo;
  readonly #response: SharedResponse;
  readonly #body: Readable;

  constructor(response: SharedResponse, options: SharedDeliveryOptions) {
    const { head, withBody, info, body } = options;
    this.head = {
      status: head.status,
      statusText: head.statusText,
      httpVersion: head.httpVersion,
      headers: deliveredFields(options),
    };
    this.info = info;
    this.growing = withBody ? response.incoming.answer : undefined;
    this.size = withBody ? response.incoming.size : 0;
    this.#response = response;
    this.#body = body;
    if (!withBody) this.release();
  }

  get trailers(): FieldLines {
    return this.growing === undefined ? [] : this.#response.trailers;
  }

  view(): Uint8Array | undefined {
    return this.growing === undefined ? new Uint8Array() : undefined;
  }

  bytes(): Uint8Array | undefined {
    return this.view();
  }

  open(): Readable {
    return this.growing === undefined ? emptyBody() : this.#body;
  }

  release(): void {
    this.#body.destroy();
  }
}
