import type { Layout } from '../format/layout.ts';
import { removeTrash } from './trash.ts';

/**
 * What is done once by each process that stores, in the background: the removal of what killed ones left in the folder of
 * the store. Who only reads does none of it.
 */
export class Housekeeping {
  readonly #layout: Layout;
  readonly #stop = new AbortController();
  #work: Promise<void> | undefined;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /** Begins, unless it has begun before. */
  start(): void {
    this.#work ??= this.#keep();
  }

  /** Ends it at the next opportunity; what is left undone is for the next process. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#work;
  }

  /** Never rejects: whatever fails, the next process tries again. */
  async #keep(): Promise<void> {
    await removeTrash(this.#layout, this.#stop.signal).catch(() => {});
  }
}
