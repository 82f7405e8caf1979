import type { Stats } from 'node:fs';
import type { Readable } from 'node:stream';
import type { HttpResponseHead } from '../../../core/message.ts';
import type { CachePolicy } from '../../../core/policy-types.ts';
import { isPromise } from '../../and-then.ts';
import { endedWriter } from '../../ended-writer.ts';
import { entryTooLarge } from '../../entry-too-large.ts';
import { incompleteBody } from '../../incomplete-body.ts';
import type { CacheWriter, CommitOptions, MaybePromise } from '../../manager.ts';
import { BodyRoom } from '../limits/body-room.ts';
import { IncomingBody } from '../bodies/incoming-body.ts';
import { publishEntry, type FinishedBody } from './publish-entry.ts';
import type { StoreParts } from '../store-parts.ts';

/** What a writer is for. */
export interface DiskWriterTarget {
  readonly cacheKey: string;
  readonly keyHash: string;
  readonly head: HttpResponseHead;
  readonly policy: CachePolicy;
  /** Length of the body, where known. */
  readonly size: number | undefined;
  /** The folder of entries that it was begun in. */
  readonly begunIn: MaybePromise<Stats | undefined>;
}

/** Takes one body: into memory while it is small enough for the entry file, into a file of its own when it is not. */
export class DiskWriter implements CacheWriter {
  readonly #parts: StoreParts;
  readonly #target: DiskWriterTarget;
  readonly #room: BodyRoom;
  readonly #body: IncomingBody;
  #growing: Promise<void> | undefined;
  #path: string | undefined;
  #size = 0;
  #ended = false;

  constructor(parts: StoreParts, target: DiskWriterTarget) {
    this.#parts = parts;
    this.#target = target;
    // Who commits hears of it.
    if (isPromise(target.begunIn)) target.begunIn.catch(() => {});
    const { size = 0 } = target;
    this.#room = new BodyRoom(parts.evictor, parts.options, size);
    this.#body = new IncomingBody(target.cacheKey, size <= parts.options.inlineMax ? size : 0);
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
    if (size <= inlineMax) return this.#body.append(chunk);
    if (this.#body.isInFile && this.#room.suffices(size)) return this.#writeToFile(chunk);
    return (this.#growing = this.#grow(size, chunk));
  }

  /** Reads the body from byte `start` on: what there is of it, and then what comes. */
  follow(start: number): Readable {
    this.#mustBeOpen('followed', 'look the response up');
    return this.#body.follow(start);
  }

  async commit(options?: CommitOptions): Promise<boolean> {
    this.#mustBeOpen('committed');
    this.#ended = true;
    try {
      return await this.#publish(options);
    } catch (error) {
      this.#body.fail(error);
      throw this.#parts.evictor.explain(error);
    } finally {
      await this.#discard();
    }
  }

  async abort(reason?: unknown): Promise<void> {
    this.#ended = true;
    this.#body.fail(reason);
    await this.#discard();
  }

  async #grow(size: number, chunk: Uint8Array): Promise<void> {
    try {
      await this.#room.grow(size);
      if (!this.#body.isInFile) await this.#moveToFile();
      await this.#body.reserve(this.#room.size);
    } catch (error) {
      this.#ended = true;
      throw this.#parts.evictor.explain(error);
    }
    await this.#writeToFile(chunk);
  }

  async #moveToFile(): Promise<void> {
    const { incoming, options } = this.#parts;
    this.#room.fill(this.#body.length);
    this.#path = await incoming.add(options.clock.now());
    await this.#body.moveToFile(this.#path);
  }

  #writeToFile(chunk: Uint8Array): MaybePromise<void> {
    this.#room.fill(chunk.byteLength);
    return this.#body.append(chunk)?.catch((error: unknown) => {
      throw this.#parts.evictor.explain(error);
    });
  }

  async #publish(options: CommitOptions | undefined): Promise<boolean> {
    const { cacheKey, keyHash, head, policy, size } = this.#target;
    const begunIn = await this.#target.begunIn;
    await this.#growing;
    const announced = size ?? this.#size;
    if (announced !== this.#body.length) throw incompleteBody(cacheKey, this.#body.length, announced);
    this.#body.end();
    const whole = options?.trailers === undefined ? head : { ...head, trailers: options.trailers };
    const body = await this.#finishBody();
    return await publishEntry(
      this.#parts,
      { cacheKey, keyHash, head: whole, policy, body, begunIn },
      options,
    );
  }

  async #finishBody(): Promise<FinishedBody> {
    const body = await this.#body.finish();
    if (body.kind === 'inline') return body;
    this.#room.shrink(this.#size);
    return { ...body, size: this.#size, room: this.#room };
  }

  /** Removes the unpublished file and gives its room back. Never rejects: what stays is found by its name later. */
  async #discard(): Promise<void> {
    await this.#growing?.catch(() => {});
    await this.#body.discard().catch(() => {});
    if (this.#path !== undefined) this.#parts.incoming.remove(this.#path);
    this.#room.release();
  }

  #mustBeOpen(attempt: string, remedy: string = 'start another with putStream'): void {
    if (this.#ended) throw endedWriter(this.#target.cacheKey, attempt, remedy);
  }
}
