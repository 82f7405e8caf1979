import type { Output } from './output.ts';

/** Prints lines for somebody who cannot wait. */
export class LinesInTurn {
  readonly #output: Output;
  #last: Promise<void> = Promise.resolve();
  #fault: Error | undefined;

  constructor(output: Output) {
    this.#output = output;
  }

  /**
   * Prints a line behind those before.
   *
   * @throws What came of one of those before, when it could not be printed.
   */
  print(line: string): void {
    if (this.#fault !== undefined) throw this.#fault;
    this.#last = this.#last
      .then(async () => await this.#output.line(line))
      .catch((error: unknown) => {
        this.#fault ??= error instanceof Error ? error : new Error(String(error));
      });
  }

  /** Waits until all were printed. Rejects when they could not be. */
  async printed(): Promise<void> {
    await this.#last;
    if (this.#fault !== undefined) throw this.#fault;
  }
}
