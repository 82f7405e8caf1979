import type { Readable } from 'node:stream';
import { cutToRange, type BodyPart, type Cut } from '../core/cut-response.ts';
import type { FieldLine, FieldLines, RequestHead, ResponseHead } from '../core/message.ts';
import type { StoredResponse } from '../managers/manager.ts';
import type { CacheInfo } from './cache-info.ts';
import type { Plan, StoredDelivery } from './exchange.ts';
import { emptyBody } from './empty-body.ts';
import type { Store } from './store.ts';
import { release } from './release.ts';

const noBytes = new Uint8Array();

/** How a stored response is handed out. */
export interface DeliveryOptions {
  /** The request that it answers. */
  readonly request: RequestHead;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The head of the whole; that of the part is made of it where the request asks for one, and `Age` is added. */
  readonly head: ResponseHead;
  /** Current age in milliseconds. */
  readonly ageMs: number;
  /** Fields that tell what the cache did. */
  readonly statusFields: FieldLines;
  /** Whether the body goes with it, as far as the request asks for it: not for HEAD and 304. */
  readonly withBody: boolean;
  /** What the cache did. */
  readonly info: CacheInfo;
  /** What to do when the body cannot be read. */
  readonly otherwise?: ((error: Error) => Plan) | undefined;
  /** Whether the origin may be asked for the rest of a body that cannot be read to its end. */
  readonly mayRepeat: boolean;
  /** What to do behind it. */
  readonly refresh?: StoredDelivery['refresh'];
}

/** A stored response, or the part of it that is asked for, on its way to the caller. */
export class Delivery implements StoredDelivery {
  readonly head: ResponseHead;
  readonly trailers: FieldLines;
  readonly size: number;
  readonly growing: undefined;
  readonly info: CacheInfo;
  readonly otherwise: ((error: Error) => Plan) | undefined;
  readonly repeatable: ResponseHead | undefined;
  readonly refresh: StoredDelivery['refresh'];
  readonly firstChunkTimeoutMs: number;
  readonly #store: Store;
  readonly #stored: StoredResponse;
  readonly #part: BodyPart;

  constructor(store: Store, stored: StoredResponse, options: DeliveryOptions) {
    const { head, body: part } = cutFor(options, stored.size);
    this.head = {
      status: head.status,
      statusText: head.statusText,
      httpVersion: head.httpVersion,
      headers: deliveredFields({ head, ageMs: options.ageMs, statusFields: options.statusFields }),
    };
    // What comes behind a body is about all of it.
    this.trailers = part === 'whole' ? stored.head.trailers : [];
    this.size = sizeOf(part, stored.size);
    this.info = options.info;
    this.otherwise = options.otherwise;
    this.repeatable = options.mayRepeat && part === 'whole' ? options.head : undefined;
    this.refresh = options.refresh;
    this.firstChunkTimeoutMs = store.timeout;
    this.#store = store;
    this.#stored = stored;
    this.#part = part;
    if (part === 'none') release(stored);
  }

  view(): Uint8Array | undefined {
    const part = this.#part;
    if (part === 'none') return noBytes;
    const { body } = this.#stored;
    return part === 'whole' ? body : body?.subarray(part.start, part.end + 1);
  }

  bytes(): Uint8Array | undefined {
    const view = this.view();
    return view === undefined ? undefined : Buffer.from(view);
  }

  open(): Readable {
    const part = this.#part;
    if (part === 'none') return emptyBody();
    const body = this.#store.stream(this.#stored, part === 'whole' ? undefined : part);
    body.on('error', (error) => this.#store.report('streamResponse', this.info.key, error));
    return body;
  }

  release(): void {
    release(this.#stored);
  }
}

function cutFor({ request, head, withBody, now }: DeliveryOptions, size: number): Cut {
  return withBody ? cutToRange({ request, head, size, now }) : { head, body: 'none' };
}

function sizeOf(part: BodyPart, size: number): number {
  if (part === 'none') return 0;
  return part === 'whole' ? size : part.end - part.start + 1;
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
