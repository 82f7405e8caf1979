import type { Readable } from 'node:stream';
import type { FieldLine, FieldLines, ResponseHead } from '../core/message.ts';
import type { StoredResponse } from '../managers/manager.ts';
import type { CacheInfo } from './cache-info.ts';
import type { Plan, StoredDelivery } from './exchange.ts';
import { emptyBody } from './empty-body.ts';
import type { Store } from './store.ts';
import { release } from './release.ts';

/** How a stored response is handed out. */
export interface DeliveryOptions {
  /** The head to hand out; `Age` is added to it. */
  readonly head: ResponseHead;
  /** Current age in milliseconds. */
  readonly ageMs: number;
  /** Fields that tell what the cache did. */
  readonly statusFields: FieldLines;
  /** Whether the body goes with it: not for HEAD and 304. */
  readonly withBody: boolean;
  /** What the cache did. */
  readonly info: CacheInfo;
  /** What to do when the body cannot be read. */
  readonly otherwise?: ((error: Error) => Plan) | undefined;
  /** What to do behind it. */
  readonly refresh?: StoredDelivery['refresh'];
}

/** A stored response on its way to the caller. */
export class Delivery implements StoredDelivery {
  readonly head: ResponseHead;
  readonly trailers: FieldLines;
  readonly size: number;
  readonly growing: undefined;
  readonly info: CacheInfo;
  readonly otherwise: ((error: Error) => Plan) | undefined;
  readonly refresh: StoredDelivery['refresh'];
  readonly firstChunkTimeoutMs: number;
  readonly #store: Store;
  readonly #stored: StoredResponse;
  readonly #withBody: boolean;

  constructor(store: Store, stored: StoredResponse, options: DeliveryOptions) {
    const { head, withBody } = options;
    this.head = {
      status: head.status,
      statusText: head.statusText,
      httpVersion: head.httpVersion,
      headers: deliveredFields(options),
    };
    this.trailers = withBody ? stored.head.trailers : [];
    this.size = withBody ? stored.size : 0;
    this.info = options.info;
    this.otherwise = options.otherwise;
    this.refresh = options.refresh;
    this.firstChunkTimeoutMs = store.timeout;
    this.#store = store;
    this.#stored = stored;
    this.#withBody = withBody;
    if (!withBody) release(stored);
  }

  bytes(): Uint8Array | undefined {
    if (!this.#withBody) return new Uint8Array();
    const { body } = this.#stored;
    return body === undefined ? undefined : Buffer.from(body);
  }

  open(): Readable {
    if (!this.#withBody) return emptyBody();
    const body = this.#store.stream(this.#stored);
    body.on('error', (error) => this.#store.report('streamResponse', this.info.key, error));
    return body;
  }

  release(): void {
    release(this.#stored);
  }
}

/** RFC 9111 §5.1: a stored `Age` was true when it came; the current age takes its place. */
export function deliveredFields({
  head,
  ageMs,
  statusFields,
}: Pick<DeliveryOptions, 'head' | 'ageMs' | 'statusFields'>): FieldLines {
  const fields: FieldLine[] = [];
  for (const line of head.headers) {
    const name = line[0];
    if (name.length === 3 && name.toLowerCase() === 'age') continue;
    fields.push(line);
  }
  fields.push(['Age', String(Math.floor(ageMs / 1000))]);
  fields.push(...statusFields);
  return fields;
}
