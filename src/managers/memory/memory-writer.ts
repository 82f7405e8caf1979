import type { FieldLines } from '../../core/message.ts';
import { HttpCacheError } from '../../errors.ts';
import { BodyBuffer } from '../body-buffer.ts';
import { entryTooLarge } from '../entry-too-large.ts';
import type { CacheWriter, CommitOptions } from '../manager.ts';
import { mayPublish } from '../publication.ts';

/** What a writer needs of the manager it writes for. */
export interface MemoryWriterOptions {
  /** The key, for messages. */
  readonly cacheKey: string;
  /** The largest body that is kept, in bytes. */
  readonly maxEntrySize: number;
  /** Length of the body, where known. */
  readonly size: number | undefined;
  /** Makes the entry visible, in one step. */
  readonly publish: (body: Buffer, trailers: FieldLines | undefined) => void;
}

/** Collects one body in memory; the entry appears, whole, when it is committed. */
export class MemoryWriter implements CacheWriter {
  readonly #options: MemoryWriterOptions;
  #body: BodyBuffer | undefined;

  constructor(options: MemoryWriterOptions) {
    this.#options = options;
    const { size = 0, maxEntrySize } = options;
    this.#body = new BodyBuffer(size <= maxEntrySize ? size : 0);
  }

  write(chunk: Uint8Array): void {
    const body = this.#openBody('written to');
    const { cacheKey, maxEntrySize } = this.#options;
    if (body.length + chunk.byteLength > maxEntrySize) {
      this.#body = undefined;
      throw entryTooLarge(cacheKey, maxEntrySize);
    }
    body.append(chunk);
  }

  async commit(options?: CommitOptions): Promise<boolean> {
    const body = this.#openBody('committed');
    this.#body = undefined;
    const { cacheKey, size, publish } = this.#options;
    if (size !== undefined && size !== body.length) {
      throw new HttpCacheError(
        'ERR_HTTP_CACHE_INCOMPLETE_BODY',
        `The body for ${JSON.stringify(cacheKey)} has ${body.length} bytes where ${size} were announced, so it is not stored`,
      );
    }
    const bytes = body.exact();
    const allowed = mayPublish(options);
    if (!(typeof allowed === 'boolean' ? allowed : await allowed)) return false;
    publish(bytes, options?.trailers);
    return true;
  }

  async abort(): Promise<void> {
    this.#body = undefined;
  }

  #openBody(verb: string): BodyBuffer {
    if (this.#body !== undefined) return this.#body;
    throw new HttpCacheError(
      'ERR_HTTP_CACHE_MANAGER',
      `The writer for ${JSON.stringify(this.#options.cacheKey)} has ended and cannot be ${verb}: start another with putStream`,
    );
  }
}
