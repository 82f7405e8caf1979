import { once } from 'node:events';
import { CommandError, exitCodes } from '../command-errors.ts';
import { errorText } from '../error-text.ts';
import type { OutputStream } from './surroundings.ts';

/** Nobody reads what is printed any more, as behind `| head`. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}

/** Prints, no faster than it is read. */
export class Output {
  readonly #stream: OutputStream;
  #fault: Error | undefined;

  constructor(stream: OutputStream) {
    this.#stream = stream;
    stream.on('error', (error) => {
      this.#fault ??= error;
    });
  }

  /** Whether it is a terminal. */
  get isTerminal(): boolean {
    return this.#stream.isTTY === true;
  }

  /** How wide its lines may be; `undefined` where that is no matter. */
  get columns(): number | undefined {
    return this.isTerminal ? this.#stream.columns : undefined;
  }

  /** Prints a line, or several. */
  async line(text: string): Promise<void> {
    await this.write(`${text}\n`);
  }

  /**
   * Prints as it is.
   *
   * @throws OutputClosed when nobody reads any more, CommandError when it cannot be written.
   */
  async write(bytes: string | Uint8Array): Promise<void> {
    this.#mustBeOpen();
    if (!this.#stream.write(bytes)) {
      // Its error is remembered by the listener above.
      await once(this.#stream, 'drain').catch(() => {});
      this.#mustBeOpen();
    }
  }

  /** Waits until all was written. Never rejects. */
  async flushed(): Promise<void> {
    if (this.#fault !== undefined) return;
    await new Promise<void>((resolve) => {
      this.#stream.write('', () => resolve());
    });
  }

  #mustBeOpen(): void {
    if (this.#fault === undefined) return;
    if ('code' in this.#fault && this.#fault.code === 'EPIPE') throw new OutputClosed();
    throw new CommandError(
      exitCodes.failure,
      `Cannot write what is to be printed: ${errorText(this.#fault)}`,
    );
  }
}
