import type { HttpResponseHead } from '../../core/message.ts';
import type { CachePolicy } from '../../core/policy-types.ts';
import { HttpCacheError } from '../../errors.ts';
import { BodyBuffer } from '../body-buffer.ts';
import { entryTooLarge } from '../entry-too-large.ts';
import type { CacheWriter, CommitOptions, MaybePromise } from '../manager.ts';
import { BodyRoom } from './body-room.ts';
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
  readonly #room: BodyRoom;
  #inline: BodyBuffer;
  #spill: SpillFile | undefined;
  #growing: Promise<void> | undefined;
  #size = 0;
  #ended = false;

  constructor(parts: StoreParts, target: DiskWriterTarget) {
    this.#parts = parts;
    this.#target = target;
    const { size = 0 } = target;
    this.#room = new BodyRoom(parts.evictor, parts.options, size);
    this.#inline = new BodyBuffer(size <= parts.options.inlineMax ? size : 0);
  }

  write(chunk: Uint8Array): MaybePromise<void> {
    this.#mustBeOpen('written to');
    const { inlineMax, maxEntrySize } = this.#parts.options;
    const size = this.#size + chunk.byteLength;
    if (Math.max(size, this.#target.size ?? 0) > maxEntrySize) {
      this.#ended = true;
      throw entryTooLarge(this.#target.cacheKey, maxEntrySize);
    }
    this.#size = size;
    if (size <= inlineMax) {
      this.#inline.append(chunk);
      return undefined;
    }
    if (this.#spill !== undefined && this.#room.suffices(size)) return this.#writeTo(this.#spill, chunk);
    return (this.#growing = this.#grow(size, chunk));
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

  async #grow(size: number, chunk: Uint8Array): Promise<void> {
    try {
      await this.#room.grow(size);
    } catch (error) {
      this.#ended = true;
      throw error;
    }
    this.#spill ??= await this.#startSpill();
    await this.#writeTo(this.#spill, chunk);
  }

  async #startSpill(): Promise<SpillFile> {
    const { layout, options } = this.#parts;
    const { keyHash } = this.#target;
    const spill = await SpillFile.create(layout.temporary(keyHash, newGeneration(options.clock.now())));
    const bytes = this.#inline.exact();
    this.#inline = new BodyBuffer(0);
    this.#spill = spill;
    await this.#writeTo(spill, bytes);
    return spill;
  }

  #writeTo(spill: SpillFile, bytes: Uint8Array): MaybePromise<void> {
    this.#room.fill(bytes.byteLength);
    return spill.write(bytes);
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
    await this.#growing;
    const spill = this.#spill;
    if (spill === undefined) return { kind: 'inline', bytes: this.#inline.exact() };
    const size = this.#size;
    const digest = await spill.finish();
    this.#room.shrink(size);
    return { kind: 'file', path: spill.path, size, digest, room: this.#room };
  }

  /** Removes the unpublished file and gives its room back. Never rejects: what stays is found by its name later. */
  async #discard(): Promise<void> {
    await this.#growing?.catch(() => {});
    await this.#spill?.discard().catch(() => {});
    this.#spill = undefined;
    this.#room.release();
  }

  #mustBeOpen(verb: string): void {
    if (!this.#ended) return;
    throw new HttpCacheError(
      'ERR_HTTP_CACHE_MANAGER',
      `The writer for ${JSON.stringify(this.#target.cacheKey)} has ended and cannot be ${verb}: start another with putStream`,
    );
  }
}
