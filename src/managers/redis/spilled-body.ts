import { HttpCacheError } from '../../errors.ts';
import type { GrowingBytes } from '../followers.ts';
import type { MaybePromise } from '../manager.ts';
import { KeptAlive, GRACE_MS } from './kept-alive.ts';
import { readChunk } from './redis-body-stream.ts';
import type { RedisPort } from './redis-port.ts';
import { BEGIN, run } from './scripts.ts';
import { CHUNK_SIZE, chunksOf } from './stored-entry.ts';
import { within } from './within.ts';

/** What a small body begins with where its length is not known. */
const SMALLEST_BUFFER = 16 * 1024;

/** How many chunks may be on their way at once. What a body of any length takes in memory is one more. */
const UNDER_WAY = 4;

/**
 * A body that is being received: its last chunk in memory, the others in Redis, where they end by themselves unless they are
 * prolonged. It can be read all the while.
 */
export class SpilledBody implements GrowingBytes {
  readonly #port: RedisPort;
  readonly #key: string;
  readonly #underWay = new Map<number, Buffer>();
  #waiting: (() => void) | undefined;
  #kept: KeptAlive | undefined;
  #last: Buffer;
  #filled = 0;
  #full = 0;
  #length = 0;
  #fault: HttpCacheError | undefined;

  /** @param size - The length that was announced. */
  constructor(port: RedisPort, key: string, size: number | undefined) {
    this.#port = port;
    this.#key = key;
    this.#last = Buffer.allocUnsafeSlow(Math.min(size ?? SMALLEST_BUFFER, CHUNK_SIZE));
  }

  get length(): number {
    return this.#length;
  }

  /** The whole body where none of it is in Redis. */
  get bytes(): Buffer {
    return this.#last.subarray(0, this.#filled);
  }

  copy(from: number, to: number, give: (error: Error | null, chunk: Buffer) => void): void {
    const index = Math.floor(from / CHUNK_SIZE);
    const start = index * CHUNK_SIZE;
    const end = Math.min(to - start, CHUNK_SIZE);
    const held = index === this.#full ? this.#last : this.#underWay.get(index);
    if (held !== undefined) {
      give(null, Buffer.from(held.subarray(from - start, end)));
      return;
    }
    const size = Math.min(CHUNK_SIZE, this.length - start);
    readChunk({ port: this.#port, key: this.#key, onDamage: () => undefined }, index, size).then(
      (chunk) => give(null, chunk.subarray(from - start, end)),
      (error: Error) => give(error, Buffer.alloc(0)),
    );
  }

  /** Takes a chunk, which is copied; a promise when Redis has to catch up first. */
  write(chunk: Uint8Array): MaybePromise<void> {
    if (this.#fault !== undefined) throw this.#fault;
    let rest = chunk;
    while (rest.byteLength > 0) {
      if (this.#filled === CHUNK_SIZE) this.#spill();
      const part = rest.subarray(0, CHUNK_SIZE - this.#filled);
      this.#makeRoom(this.#filled + part.byteLength);
      this.#last.set(part, this.#filled);
      this.#filled += part.byteLength;
      this.#length += part.byteLength;
      rest = rest.subarray(part.byteLength);
    }
    return this.#underWay.size < UNDER_WAY ? undefined : this.#caughtUp(UNDER_WAY - 1);
  }

  /** Has all of it in Redis, unless it has `inlineMax` bytes or less. Gives how many chunks it has then; 0 for none. */
  async finish(inlineMax: number): Promise<number> {
    if (!this.#isSpilled && this.length <= inlineMax) return 0;
    const count = chunksOf(this.length);
    if (this.#filled > 0) this.#spill();
    await this.#caughtUp(0);
    return count;
  }

  /** Lets it end by itself, once nobody prolongs it. */
  letGo(): void {
    this.#kept?.stop();
  }

  /** Removes it. */
  discard(): void {
    this.letGo();
    if (this.#isSpilled) this.#port.send(this.#key, ['UNLINK', this.#key]).catch(() => undefined);
  }

  /** Whether part of it is in Redis, or on its way there. */
  get #isSpilled(): boolean {
    return this.#full > 0;
  }

  #makeRoom(length: number): void {
    if (length <= this.#last.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.min(CHUNK_SIZE, Math.max(length, this.#last.length * 2)));
    larger.set(this.bytes);
    this.#last = larger;
  }

  #spill(): void {
    const index = this.#full;
    const chunk = this.bytes;
    this.#underWay.set(index, chunk);
    this.#full++;
    this.#filled = 0;
    this.#last = Buffer.allocUnsafeSlow(CHUNK_SIZE);
    void this.#send(index, chunk);
  }

  async #send(index: number, chunk: Buffer): Promise<void> {
    const isFirst = this.#kept === undefined;
    this.#kept ??= new KeptAlive(this.#port, this.#key);
    try {
      await within(isFirst ? this.#begin(chunk) : this.#append(index, chunk), 'take a part of a body');
    } catch (error) {
      this.#fault ??= new HttpCacheError(
        'ERR_HTTP_CACHE_MANAGER',
        'Redis did not take part of a body: the response is not stored',
        { cause: error },
      );
    }
    this.#underWay.delete(index);
    this.#waiting?.();
  }

  /** In one step: a connection that is cut between two would leave a body that never ends. */
  #begin(chunk: Buffer): Promise<unknown> {
    return run(this.#port, BEGIN, [this.#key], [chunk, GRACE_MS]);
  }

  /**
   * With the expiry anew, as a body evicted meanwhile begins with this chunk. Both go out together; a script would take Redis
   * twice the time.
   */
  #append(index: number, chunk: Buffer): Promise<unknown> {
    return Promise.all([
      this.#port.send(this.#key, ['HSET', this.#key, String(index), chunk]),
      this.#port.send(this.#key, ['PEXPIRE', this.#key, String(GRACE_MS)]),
    ]);
  }

  async #caughtUp(most: number): Promise<void> {
    while (this.#underWay.size > most && this.#fault === undefined) {
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
    if (this.#fault !== undefined) throw this.#fault;
  }
}
