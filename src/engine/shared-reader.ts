import { Readable } from 'node:stream';
import { HttpCacheError } from '../errors.ts';
import type { HeldBytes, HeldReader } from './held-bytes.ts';
import { nextTurn } from './turns.ts';

/** What a reader has to know of the body beyond what the store gives. */
export interface BodyProgress {
  /** How long it is, once that is known. */
  readonly total: number | undefined;
  /** What is held in memory, where the store has let go of it. */
  readonly held: HeldBytes | undefined;
}

/** One reader of a body that is still being received. */
export class SharedReader extends Readable implements HeldReader {
  readonly isOwn: boolean;
  readonly #body: BodyProgress;
  #source: Readable | undefined;
  #position: number;
  #isWanted = false;
  #hasEnded = false;

  /** @param source - What the store has of it; to be attached later where the store is not ready yet. */
  constructor(
    body: BodyProgress,
    source: Readable | undefined,
    { isOwn = false, position = 0 }: { readonly isOwn?: boolean; readonly position?: number } = {},
  ) {
    super();
    this.#body = body;
    this.isOwn = isOwn;
    this.#position = position;
    if (source !== undefined) this.attach(source);
  }

  get position(): number {
    return this.#position;
  }

  /** Reads on from what the store has, from the first byte; `undefined` when it has nothing. */
  attach(source: Readable | undefined): void {
    if (source === undefined) {
      this.#sourceIsLost();
      return;
    }
    this.#source = source;
    source.pause();
    source.on('data', (chunk: Buffer) => this.#give(chunk));
    const over = (): void => {
      if (this.#source !== source) return;
      this.#source = undefined;
      this.#sourceIsLost();
    };
    source.on('error', over);
    source.on('close', over);
    if (this.#isWanted) source.resume();
  }

  /** Goes on with what is held, once the store has no more; to be called whenever there may be something new. */
  goOn(): void {
    if (this.destroyed || this.#hasEnded) return;
    if (this.#position === this.#body.total) {
      this.#end();
      return;
    }
    const { held } = this.#body;
    if (held === undefined) return;
    if ((held.start ?? 0) > this.#position) {
      // What the store took it gives, but no more than that.
      if (this.#source === undefined) this.giveUp();
      return;
    }
    this.#leaveSource();
    while (this.#isWanted) {
      const chunk = held.read(this.#position);
      if (chunk === undefined) return;
      // Its own copy: what one reader makes of it does not concern the next.
      this.#give(Buffer.from(chunk));
      held.consumed();
    }
  }

  /** The store has no more of it: because it let go of the body, which it says at once, or because it cannot read it. */
  #sourceIsLost(): void {
    this.goOn();
    nextTurn(() => {
      if (this.#source === undefined && this.#body.held === undefined && !this.#hasEnded) this.giveUp();
    });
  }

  giveUp(): void {
    this.destroy(
      new HttpCacheError(
        'ERR_HTTP_CACHE_INCOMPLETE_BODY',
        `The store let go of a body of which byte ${this.#position} was yet to be read: it has to be asked for again`,
      ),
    );
  }

  override _read(): void {
    this.#isWanted = true;
    if (this.#source === undefined) this.goOn();
    else this.#source.resume();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#leaveSource();
    callback(error);
  }

  #give(chunk: Buffer): void {
    if (this.#hasEnded || this.destroyed) return;
    this.#position += chunk.length;
    this.#isWanted = this.push(chunk);
    if (!this.#isWanted) this.#source?.pause();
    if (this.#position === this.#body.total) this.#end();
    else if (this.#source !== undefined && this.#body.held !== undefined) this.goOn();
  }

  #end(): void {
    this.#hasEnded = true;
    this.#leaveSource();
    this.push(null);
  }

  #leaveSource(): void {
    const source = this.#source;
    this.#source = undefined;
    source?.destroy();
  }
}
