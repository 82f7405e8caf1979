import { isError } from '../../core/is-error.ts';
import type { Output } from './output.ts';

/** How many lines may wait for a slow reader: some megabytes. */
const MAX_WAITING = 10_000;

/** Prints lines for somebody who cannot wait. Lines that come while too many wait are left out, and counted. */
export class LinesInTurn {
  readonly #output: Output;
  readonly #maxWaiting: number;
  #waiting = 0;
  #leftOut = 0;
  #last: Promise<void> = Promise.resolve();
  #fault: Error | undefined;

  /** @param maxWaiting - How many lines may wait, by default 10 000. */
  constructor(output: Output, maxWaiting: number = MAX_WAITING) {
    this.#output = output;
    this.#maxWaiting = maxWaiting;
  }

  /** How many lines were left out. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /**
   * Prints a line behind those before, or leaves it out.
   *
   * @throws What came of one of those before, when it could not be printed.
   */
  print(line: string): void {
    if (this.#fault !== undefined) throw this.#fault;
    if (this.#waiting >= this.#maxWaiting) {
      this.#leftOut++;
      return;
    }
    this.#waiting++;
    this.#last = this.#last
      .then(async () => await this.#output.line(line))
      .catch((error: unknown) => {
        this.#fault ??= isError(error) ? error : new Error(String(error));
      })
      .finally(() => {
        this.#waiting--;
      });
  }

  /** Waits until all that wait were printed. Rejects when they could not be. */
  async printed(): Promise<void> {
    await this.#last;
    if (this.#fault !== undefined) throw this.#fault;
  }
}
