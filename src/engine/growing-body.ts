import type { Readable } from 'node:stream';
import type { GuardedWriter } from './guarded-writer.ts';
import { HeldBytes } from './held-bytes.ts';
import { SharedReader, type BodyProgress } from './shared-reader.ts';
import type { Store } from './store.ts';

/**
 * A body as others read it while it comes: from where the store puts it, and, once the store has let go of it, from memory,
 * where what comes is held until the slowest of them has had it.
 */
export class GrowingBody implements BodyProgress {
  readonly #store: Store;
  readonly #readers = new Set<SharedReader>();
  readonly #held: HeldBytes;
  #writer: GuardedWriter | undefined;
  #hasOwnReader = true;
  #total: number | undefined;

  constructor(store: Store) {
    this.#store = store;
    this.#held = new HeldBytes(this.#readers, () => this.#hasOwnReader);
  }

  /** How long the body is, once that is known. */
  get total(): number | undefined {
    return this.#total;
  }

  /** What is held in memory; `undefined` while the store has it all. */
  get held(): HeldBytes | undefined {
    return this.#held.start === undefined ? undefined : this.#held;
  }

  /** Whether its readers can take more. */
  get mayGoOn(): boolean {
    return this.held?.isFull !== true;
  }

  /** The request that it came for no longer takes it from the wire. */
  ownReaderLeft(): void {
    this.#hasOwnReader = false;
  }

  /** The body from its first byte; `undefined` when the manager cannot give it, or the body is over. */
  follow(isOwn = false): Readable | undefined {
    if (!this.#store.canReadWhileWriting || this.#total !== undefined) return undefined;
    const source = this.#writer === undefined ? undefined : this.#store.readWhileWriting(this.#writer);
    if (this.#writer !== undefined && source === undefined) return undefined;
    return this.#join(new SharedReader(this, source, { isOwn }));
  }

  /** What is held of it from a position on, and what comes. */
  followHeld(position: number): Readable {
    return this.#join(new SharedReader(this, undefined, { isOwn: true, position }));
  }

  /** The store is ready to take the body. To be called before anything is written. */
  opened(writer: GuardedWriter): void {
    this.#writer = writer;
    for (const reader of this.#readers) reader.attach(this.#store.readWhileWriting(writer));
  }

  /** The store let go of it: what it had not taken is here, and what comes will be given to `append`. */
  letGo(start: number, untaken: readonly Buffer[]): void {
    if (this.#readers.size > 0) this.#held.begin(start, untaken);
    for (const reader of this.#readers) reader.goOn();
  }

  /** Takes a copy of what comes, where the store no longer does. `false` asks for a pause. */
  append(chunk: Uint8Array): boolean {
    if (this.held === undefined || this.#readers.size === 0) return true;
    const mayGoOn = this.#held.append(chunk);
    for (const reader of this.#readers) reader.goOn();
    return mayGoOn;
  }

  /** The body came to its end. */
  end(total: number): void {
    this.#total = total;
    for (const reader of this.#readers) reader.goOn();
  }

  #join(reader: SharedReader): Readable {
    this.#readers.add(reader);
    // It may fail before anybody has begun to read it.
    reader.on('error', () => undefined);
    reader.once('close', () => {
      this.#readers.delete(reader);
      this.#held.consumed();
    });
    return reader;
  }

  /** The body broke off. */
  fail(error: Error): void {
    for (const reader of this.#readers) reader.destroy(error);
  }
}
