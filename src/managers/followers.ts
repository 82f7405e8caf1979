import { Readable } from 'node:stream';
import { HttpCacheError } from '../errors.ts';
import { nextTick } from './next-tick.ts';

/** Chunks of a followed body, and the most that a reader holds of it unread: there may be a thousand readers. */
const CHUNK_SIZE = 64 * 1024;

const NOTHING = Buffer.alloc(0);

/** The bytes of a body that is being written, wherever they are kept. */
export interface GrowingBytes {
  /** How many there are. It never becomes less. */
  readonly length: number;
  /** Gives a copy of those from `from` to before `to`, all of which are there, or of the first few of them. */
  copy(from: number, to: number, give: (error: Error | null, chunk: Buffer) => void): void;
}

/**
 * Those who read a body while it is written. A writer makes this for the first of them, so that one whom nobody follows
 * has nothing to do, and tells what becomes of the body.
 */
export class Followers {
  readonly #cacheKey: string;
  readonly #body: GrowingBytes;
  readonly #left: (() => void) | undefined;
  readonly #waiting = new Set<Follower>();
  #count = 0;
  #end: 'whole' | HttpCacheError | undefined;

  /** `left` is called for each of them that has left, when nothing is read for it any more. The key is for messages. */
  constructor(cacheKey: string, body: GrowingBytes, left?: () => void) {
    this.#cacheKey = cacheKey;
    this.#body = body;
    this.#left = left;
  }

  /** How many there are that have not left. */
  get count(): number {
    return this.#count;
  }

  /**
   * A stream of the body from byte `start` on.
   *
   * @throws RangeError when `start` is not a position in a body.
   */
  follow(start: number): Readable {
    if (!Number.isSafeInteger(start) || start < 0) {
      throw new RangeError(
        `The start ${start} is no position in a body: give a whole number of bytes from 0`,
      );
    }
    this.#count++;
    return new Follower(this.#body, start, {
      end: () => this.#end,
      wait: (follower) => this.#waiting.add(follower),
      leave: (follower) => this.#leave(follower),
    });
  }

  /** There are more bytes. */
  grew(): void {
    // In turns of their own: what a reader does with its bytes, or fails at, is not the writer's business.
    for (const follower of this.#waiting) nextTick(goOn, follower);
    this.#waiting.clear();
  }

  /** The bytes that there are now are the whole body. */
  end(): void {
    this.#end ??= 'whole';
    this.grew();
  }

  /** There will be no more bytes, and these are not the whole body. After `end` it does nothing. */
  fail(reason: unknown): void {
    if (this.#end !== undefined) return;
    this.#end = new HttpCacheError(
      'ERR_HTTP_CACHE_INCOMPLETE_BODY',
      `The body for ${JSON.stringify(this.#cacheKey)} was given up before its end while it was followed: ask the origin again`,
      { cause: reason },
    );
    this.grew();
  }

  #leave(follower: Follower): void {
    this.#count--;
    this.#waiting.delete(follower);
    this.#left?.();
  }
}

/** What a follower asks and tells. */
interface Company {
  /** How the body ended: whole, or with an error; `undefined` before that. */
  readonly end: () => 'whole' | HttpCacheError | undefined;
  /** To be told to go on once there is more. */
  readonly wait: (follower: Follower) => void;
  /** Not to be told any more. */
  readonly leave: (follower: Follower) => void;
}

function goOn(follower: Follower): void {
  follower.goOn();
}

/** One reader of a body that is being written. */
class Follower extends Readable {
  readonly #body: GrowingBytes;
  readonly #company: Company;
  #position: number;
  #copying = false;
  #whenCopied: (() => void) | undefined;

  constructor(body: GrowingBytes, start: number, company: Company) {
    super({ highWaterMark: CHUNK_SIZE });
    this.#body = body;
    this.#position = start;
    this.#company = company;
  }

  /** Gives the next chunk, the end or the error, or waits. */
  goOn(): void {
    if (this.destroyed) return;
    const to = Math.min(this.#position + CHUNK_SIZE, this.#body.length);
    if (this.#position < to) {
      this.#copying = true;
      this.#body.copy(this.#position, to, (error, chunk) => this.#copied(error, chunk));
      return;
    }
    const end = this.#company.end();
    if (end === undefined) this.#company.wait(this);
    else if (end === 'whole') this.push(null);
    else this.#fail(end);
  }

  override _read(): void {
    this.goOn();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    const leave = (): void => {
      this.#company.leave(this);
      callback(error);
    };
    // A descriptor must not be closed, and so perhaps given to another file, while it is read from.
    if (this.#copying) this.#whenCopied = leave;
    else leave();
  }

  #copied(error: Error | null, chunk: Buffer): void {
    this.#copying = false;
    if (this.#whenCopied !== undefined) {
      this.#whenCopied();
    } else if (error !== null) {
      this.destroy(error);
    } else {
      this.#position += chunk.length;
      this.push(chunk);
    }
  }

  #fail(error: Error): void {
    // Destroying throws away what was pushed and not read yet; an empty chunk makes the stream ask again.
    if (this.readableLength > 0) this.push(NOTHING);
    else this.destroy(error);
  }
}
