import type { CacheWriter, CommitOptions, MaybePromise } from '../manager.ts';

/** What a write to the far store has to do with copies. */
export interface TieredWriterOptions {
  /** The far store's writer. */
  readonly writer: CacheWriter;
  /** Keeps copies from answering from now on, until the returned function is called. */
  readonly beginWrite: () => () => void;
  /** Asks something whose answer must come from the far store. */
  readonly askFar: (ask: () => MaybePromise<boolean>) => MaybePromise<boolean>;
}

/** Writes to the far store. There is a copy only once it was read from there. */
export class TieredWriter implements CacheWriter {
  readonly #options: TieredWriterOptions;

  constructor(options: TieredWriterOptions) {
    this.#options = options;
  }

  /** The far store's writer. */
  get writer(): CacheWriter {
    return this.#options.writer;
  }

  write(chunk: Uint8Array): MaybePromise<void> {
    return this.writer.write(chunk);
  }

  async commit(options: CommitOptions = {}): Promise<boolean> {
    const { beginWrite, askFar } = this.#options;
    const { onlyIf } = options;
    const endWrite = beginWrite();
    try {
      return await this.writer.commit(
        onlyIf === undefined ? options : { ...options, onlyIf: () => askFar(onlyIf) },
      );
    } finally {
      endWrite();
    }
  }

  async abort(reason?: unknown): Promise<void> {
    await this.writer.abort(reason);
  }
}
