import type { Readable } from 'node:stream';
import { BodyBuffer } from '../../body-buffer.ts';
import { Followers, type GrowingBytes } from '../../followers.ts';
import type { MaybePromise } from '../../manager.ts';
import { SpillFile } from './spill-file.ts';

/** A body that was taken to its end: in memory, or in a file that nobody else knows of. */
export type TakenBody =
  | { readonly kind: 'inline'; readonly bytes: Buffer }
  | { readonly kind: 'file'; readonly path: string; readonly table: Buffer };

/** A body that is coming: in memory at first, and in a file from when it is too large for that. */
export class IncomingBody implements GrowingBytes {
  readonly #cacheKey: string;
  #inline: BodyBuffer;
  #file: SpillFile | undefined;
  #followers: Followers | undefined;

  /** Makes an empty one with room for `capacity` bytes in memory. The key is for messages. */
  constructor(cacheKey: string, capacity: number) {
    this.#cacheKey = cacheKey;
    this.#inline = new BodyBuffer(capacity);
  }

  get length(): number {
    return Math.max(this.#inline.length, this.#file?.length ?? 0);
  }

  /** Whether it has a file. */
  get isInFile(): boolean {
    return this.#file !== undefined;
  }

  /** Adds a chunk; a promise when the disk has to catch up first. */
  append(chunk: Uint8Array): MaybePromise<void> {
    if (this.#file !== undefined) return this.#file.write(chunk);
    this.#inline.append(chunk);
    this.#followers?.grew();
    return undefined;
  }

  /** Moves it to a new file at `path`. */
  async moveToFile(path: string): Promise<void> {
    const file = await SpillFile.create(path, () => this.#followers?.grew());
    file.hold(this.#followers?.count ?? 0);
    this.#file = file;
    await file.write(this.#inline.exact());
    // Not before: what the file has not got yet is read from memory.
    this.#inline = new BodyBuffer(0);
  }

  /** Shows by the length of its file what room is held for it. */
  async reserve(size: number): Promise<void> {
    await this.#file?.reserve(size);
  }

  copy(from: number, to: number, give: (error: Error | null, chunk: Buffer) => void): void {
    const inline = this.#inline;
    if (from < inline.length) inline.copy(from, Math.min(to, inline.length), give);
    else this.#file?.copy(from, to, give);
  }

  /** Reads it from byte `start` on: what there is of it, and then what comes. Not to be called after its end. */
  follow(start: number): Readable {
    this.#followers ??= new Followers(this.#cacheKey, this, () => this.#file?.release());
    const stream = this.#followers.follow(start);
    this.#file?.hold(1);
    return stream;
  }

  /** Tells those who follow that it is whole. */
  end(): void {
    this.#followers?.end();
  }

  /** Tells those who follow that there will be no more, unless it was whole. */
  fail(reason: unknown): void {
    this.#followers?.fail(reason);
  }

  /** Brings all of it to where it belongs. */
  async finish(): Promise<TakenBody> {
    const file = this.#file;
    if (file === undefined) return { kind: 'inline', bytes: this.#inline.exact() };
    return { kind: 'file', path: file.path, table: await file.finish() };
  }

  /** Removes its file, where it still has its first name. Those who follow read on. */
  async discard(): Promise<void> {
    await this.#file?.discard();
  }
}
