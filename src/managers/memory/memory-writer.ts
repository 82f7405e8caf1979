import type { Readable } from 'node:stream';
import type { FieldLines } from '../../core/message.ts';
import { BodyBuffer } from '../body-buffer.ts';
import { endedWriter } from '../ended-writer.ts';
import { entryTooLarge } from '../entry-too-large.ts';
import { Followers } from '../followers.ts';
import { incompleteBody } from '../incomplete-body.ts';
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
  #followers: Followers | undefined;

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
    this.#followers?.grew();
  }

  /** Reads the body from byte `start` on: what there is of it, and then what comes. */
  follow(start: number): Readable {
    const body = this.#openBody('followed', 'look the response up');
    this.#followers ??= new Followers(this.#options.cacheKey, body);
    return this.#followers.follow(start);
  }

  async commit(options?: CommitOptions): Promise<boolean> {
    const body = this.#openBody('committed');
    this.#body = undefined;
    const { cacheKey, size, publish } = this.#options;
    if (size !== undefined && size !== body.length) {
      const error = incompleteBody(cacheKey, body.length, size);
      this.#followers?.fail(error);
      throw error;
    }
    this.#followers?.end();
    const bytes = body.exact();
    const allowed = mayPublish(options);
    if (!(typeof allowed === 'boolean' ? allowed : await allowed)) return false;
    publish(bytes, options?.trailers);
    return true;
  }

  async abort(reason?: unknown): Promise<void> {
    this.#body = undefined;
    this.#followers?.fail(reason);
  }

  #openBody(attempt: string, remedy: string = 'start another with putStream'): BodyBuffer {
    if (this.#body !== undefined) return this.#body;
    throw endedWriter(this.#options.cacheKey, attempt, remedy);
  }
}
