import type { CacheWriter } from '../manager.ts';

/** How many bytes the near store may lag behind who reads the body, before its copy is given up. */
const MAX_LAG = 1024 * 1024;

/** What a copy is made by. */
export interface NearFillOptions {
  /** The writer of the near store. */
  readonly writer: Promise<CacheWriter>;
  /** Whether what is copied is still what is stored. */
  readonly mayKeep: () => boolean;
  /** Is called once, when it is over, with whether the copy is there. */
  readonly ended: (isThere: boolean) => void;
}

/** Makes a copy of a body that is read from the far store. It never holds that up, and whatever goes wrong is the copy's end only. */
export class NearFill {
  readonly #options: NearFillOptions;
  /** What is done in turn. */
  #work: Promise<unknown> = Promise.resolve();
  #lag = 0;
  #isOver = false;

  constructor(options: NearFillOptions) {
    this.#options = options;
    this.#then(async () => await options.writer);
  }

  /** Takes a chunk, which the caller may do with as it likes afterwards. */
  take(chunk: Uint8Array): void {
    if (this.#isOver) return;
    if (this.#lag + chunk.byteLength > MAX_LAG) {
      this.abandon();
      return;
    }
    this.#write(Buffer.from(chunk));
  }

  /** Takes a whole body that nobody changes. */
  takeWhole(body: Uint8Array): void {
    this.#write(body);
    this.end();
  }

  /** All of it was taken. */
  end(): void {
    const { writer, mayKeep } = this.#options;
    this.#then(async () => this.#over(await (await writer).commit({ onlyIf: mayKeep })));
  }

  /** There will be no copy. */
  abandon(): void {
    if (this.#isOver) return;
    this.#over(false);
    this.#options.writer.then(async (writer) => await writer.abort()).catch(() => undefined);
  }

  #write(chunk: Uint8Array): void {
    this.#lag += chunk.byteLength;
    this.#then(async () => {
      await (await this.#options.writer).write(chunk);
      this.#lag -= chunk.byteLength;
    });
  }

  #then(next: () => Promise<unknown>): void {
    this.#work = this.#work
      .then(async () => (this.#isOver ? undefined : await next()))
      .catch(() => this.abandon());
  }

  #over(isThere: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.ended(isThere);
  }
}
