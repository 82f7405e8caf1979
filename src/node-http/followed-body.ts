import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { fieldValue } from '../core/fields.ts';
import type { ResponseHead } from '../core/message.ts';
import { isWhole } from './is-whole.ts';
import { asError, connectionReset } from './native-errors.ts';
import { originHead } from './origin-head.ts';
import { SeenBytes, type Comparison } from './seen-bytes.ts';

/** Asks the origin again for what was asked for before; lets go of everything once the signal is aborted. */
export type Repeat = (signal: AbortSignal) => Promise<IncomingMessage>;

/** What is followed. */
export interface FollowedBodyOptions {
  /** The body, as the store has it and as it comes. */
  readonly source: Readable;
  /** The position of its first byte in the body. */
  readonly start: number;
  /** How many bytes its reader has had already. */
  readonly skip: number;
  /** The head that the body goes with, as the origin sent it. */
  readonly head: ResponseHead;
  /** How what the origin sends is compared with what its reader had. */
  readonly comparison: Comparison;
  readonly repeat: Repeat;
}

/** Gives the part of a chunk that is for the reader. */
type Take = (chunk: Buffer) => Buffer | undefined;

/** Fields that are alike where the bodies are. */
const tellingFields = ['etag', 'last-modified', 'content-length', 'content-encoding'] as const;

/**
 * The body of a response that is still being received for another request, or that is read from the store. When that
 * breaks off, because the store failed or that request did, the origin is asked again. Its answer takes over where the body
 * broke off if its status, validators and length are the same, and the comparison finds that it begins with the same bytes:
 * so the reader does not get parts of different bodies, and a fault of the cache does not break its request.
 */
export class FollowedBody extends Readable {
  readonly #options: FollowedBodyOptions;
  readonly #seen: SeenBytes;
  #source: Readable;
  /** Lets go of the origin's second answer; made when that is asked for, which is seldom. */
  #leaving: AbortController | undefined;

  constructor(options: FollowedBodyOptions) {
    super();
    this.#options = options;
    this.#seen = new SeenBytes(options.comparison);
    this.#source = options.source;
    this.#listen(options.source, {
      take: (chunk) => this.#follow(chunk),
      broken: () => void this.#repeat(),
      isComplete: () => true,
    });
  }

  override _read(): void {
    this.#source.resume();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#leaving?.abort();
    this.#source.destroy();
    callback(error);
  }

  #listen(
    source: Readable,
    {
      take,
      broken,
      isComplete,
    }: {
      readonly take: Take;
      readonly broken: () => void;
      readonly isComplete: () => boolean;
    },
  ): void {
    this.#source = source;
    // It flows when this one is read.
    source.pause();
    let isOver = false;
    const breakOff = (): void => {
      if (isOver) return;
      isOver = true;
      if (!this.destroyed) broken();
    };
    source.on('data', (chunk: Buffer) => {
      const part = take(chunk);
      if (part !== undefined && part.length > 0 && !this.push(part)) source.pause();
    });
    source.on('end', () => {
      isOver = true;
      if (this.destroyed) return;
      if (isComplete()) this.push(null);
      else broken();
    });
    source.on('error', breakOff);
    source.on('close', breakOff);
  }

  #follow(chunk: Buffer): Buffer {
    const { skip, start } = this.#options;
    const known = skip - start - this.#seen.count;
    this.#seen.add(chunk);
    return known > 0 ? chunk.subarray(known) : chunk;
  }

  async #repeat(): Promise<void> {
    try {
      // What the reader had beyond this could not be told from another body's.
      const { skip, start } = this.#options;
      if (start > 0 || this.#seen.count < skip) throw connectionReset('aborted');
      this.#leaving = new AbortController();
      const answer = await this.#options.repeat(this.#leaving.signal);
      if (this.destroyed || !isAlike(originHead(answer), this.#options.head)) {
        answer.on('error', () => undefined).destroy();
        throw connectionReset('aborted');
      }
      this.#takeOver(answer);
    } catch (error) {
      this.destroy(asError(error));
    }
  }

  #takeOver(answer: IncomingMessage): void {
    const again = new SeenBytes(this.#options.comparison);
    const missing = (): number => this.#seen.count - again.count;
    const differs = (): undefined => void this.destroy(connectionReset('aborted'));
    const take: Take = (chunk) => {
      const known = missing();
      if (known === 0) return chunk;
      again.add(chunk.subarray(0, known));
      if (missing() > 0) return undefined;
      return again.equals(this.#seen) ? chunk.subarray(known) : differs();
    };
    this.#listen(answer, {
      take,
      broken: () => this.destroy(answer.errored ?? connectionReset('aborted')),
      isComplete: () => missing() === 0 && isWhole(answer),
    });
    answer.resume();
  }
}

function isAlike(one: ResponseHead, other: ResponseHead): boolean {
  return (
    one.status === other.status &&
    tellingFields.every((name) => fieldValue(one.headers, name) === fieldValue(other.headers, name))
  );
}
