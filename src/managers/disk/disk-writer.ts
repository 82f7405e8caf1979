import type { HttpResponseHead } from '../../core/message.ts';
import type { CachePolicy } from '../../core/policy-types.ts';
import { HttpCacheError } from '../../errors.ts';
import { BodyBuffer } from '../body-buffer.ts';
import { entryTooLarge } from '../entry-too-large.ts';
import type { CacheWriter, CommitOptions, MaybePromise } from '../manager.ts';
import { newGeneration } from './layout.ts';
import { publishEntry, type FinishedBody } from './publish-entry.ts';
import { SpillFile } from './spill-file.ts';
import type { StoreParts } from './store-parts.ts';

/** What a writer is for. */
export interface DiskWriterTarget {
  readonly cacheKey: string;
  readonly keyHash: string;
  readonly head: HttpResponseHead;
  readonly policy: CachePolicy;
  /** Length of the body, where known. */
  readonly size: number | undefined;
}

/** Takes one body: into memory while it is small enough for the entry file, into a file of its own when it is not. */
export class DiskWriter implements CacheWriter {
  readonly #parts: StoreParts;
  readonly #target: DiskWriterTarget;
  #inline: BodyBuffer;
  #spill: SpillFile | undefined;
  #opening: Promise<void> | undefined;
  #size = 0;
  #ended = false;

  constructor(parts: StoreParts, target: DiskWriterTarget) {
    this.#parts = parts;
    this.#target = target;
    const { size = 0 } = target;
    this.#inline = new BodyBuffer(size <= parts.options.inlineMax ? size : 0);
  }

  write(chunk: Uint8Array): MaybePromise<void> {
    this.#mustBeOpen('written to');
    const { inlineMax, maxEntrySize } = this.#parts.options;
    const size = this.#size + chunk.byteLength;
    if (size > maxEntrySize) {
      this.#ended = true;
      throw entryTooLarge(this.#target.cacheKey, maxEntrySize);
    }
    this.#size = size;
    if (this.#spill !== undefined) return this.#spill.write(chunk);
    if (size > inlineMax) return (this.#opening = this.#startSpill(chunk));
    this.#inline.append(chunk);
    return undefined;
  }

  async commit(options?: CommitOptions): Promise<boolean> {
    this.#mustBeOpen('committed');
    this.#ended = true;
    try {
      return await this.#publish(options);
    } finally {
      await this.#discard();
    }
  }

  async abort(): Promise<void> {
    this.#ended = true;
    await this.#discard();
  }

  async #startSpill(chunk: Uint8Array): Promise<void> {
    const { layout, options } = this.#parts;
    const spill = await SpillFile.create(
      layout.temporary(this.#target.keyHash, newGeneration(options.clock.now())),
    );
    this.#spill = spill;
    await spill.write(this.#inline.exact());
    this.#inline = new BodyBuffer(0);
    await spill.write(chunk);
  }

  async #publish(options: CommitOptions | undefined): Promise<boolean> {
    const { cacheKey, keyHash, head, policy, size } = this.#target;
    if (size !== undefined && size !== this.#size) {
      throw new HttpCacheError(
        'ERR_HTTP_CACHE_INCOMPLETE_BODY',
        `The body for ${JSON.stringify(cacheKey)} has ${this.#size} bytes where ${size} were announced, so it is not stored`,
      );
    }
    const whole = options?.trailers === undefined ? head : { ...head, trailers: options.trailers };
    const body = await this.#finishBody();
    return await publishEntry(this.#parts, { cacheKey, keyHash, head: whole, policy, body }, options);
  }

  async #finishBody(): Promise<FinishedBody> {
    await this.#opening;
    const spill = this.#spill;
    if (spill === undefined) return { kind: 'inline', bytes: this.#inline.exact() };
    return { kind: 'file', path: spill.path, size: this.#size, digest: await spill.finish() };
  }

  /** Removes the unpublished file. Never rejects: what stays is found by its name later. */
  async #discard(): Promise<void> {
    await this.#opening?.catch(() => {});
    await this.#spill?.discard().catch(() => {});
    this.#spill = undefined;
  }

  #mustBeOpen(verb: string): void {
    if (!this.#ended) return;
    throw new HttpCacheError(
      'ERR_HTTP_CACHE_MANAGER',
      `The writer for ${JSON.stringify(this.#target.cacheKey)} has ended and cannot be ${verb}: start another with putStream`,
    );
  }
}
