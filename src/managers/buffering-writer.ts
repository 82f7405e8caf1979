import type { Readable } from 'node:stream';
import type { FieldLines } from '../core/message.ts';
import { HttpCacheError } from '../errors.ts';
import type { CacheWriter, CommitOptions } from './manager.ts';
import { GatheredBody } from './gathered-body.ts';

/** Stores a whole body. */
export type PutWhole = (body: Uint8Array, trailers: FieldLines | undefined) => Promise<void>;

/** Gathers a body in memory, to be put whole at the commit. */
export class BufferingWriter implements CacheWriter {
  readonly #maxSize: number;
  readonly #put: PutWhole;
  /** Nothing once it has ended. */
  #body: GatheredBody | undefined = new GatheredBody();

  constructor(maxSize: number, put: PutWhole) {
    this.#maxSize = maxSize;
    this.#put = put;
  }

  write(chunk: Uint8Array): void {
    const body = this.#open();
    if (body.size + chunk.byteLength > this.#maxSize) {
      throw new HttpCacheError(
        'ERR_HTTP_CACHE_ENTRY_TOO_LARGE',
        `The body is larger than ${this.#maxSize} bytes, the most that the manager keeps of one response`,
      );
    }
    body.append(chunk);
  }

  /** Reads the body from byte `start` on: what there is of it, and then what comes. */
  follow(start: number): Readable {
    return this.#open().follow(start);
  }

  async commit(options: CommitOptions = {}): Promise<boolean> {
    const body = this.#open();
    this.#body = undefined;
    body.end();
    if (options.onlyIf !== undefined && !(await options.onlyIf())) return false;
    await this.#put(body.joined(), options.trailers);
    return true;
  }

  async abort(reason?: unknown): Promise<void> {
    const body = this.#body;
    this.#body = undefined;
    body?.fail(
      new HttpCacheError(
        'ERR_HTTP_CACHE_INCOMPLETE_BODY',
        'The body was given up before its end while it was followed: ask the origin again',
        { cause: reason },
      ),
    );
  }

  #open(): GatheredBody {
    if (this.#body !== undefined) return this.#body;
    throw new HttpCacheError(
      'ERR_HTTP_CACHE_MANAGER',
      'The writer has ended: look the response up, or start another writer with putStream',
    );
  }
}
