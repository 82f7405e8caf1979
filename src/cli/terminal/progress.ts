import { cutToWidth } from '../text/cut-to-width.ts';
import type { OutputStream } from './surroundings.ts';

/** How often the line is written anew, in milliseconds. */
const INTERVAL = 200;

const CLEAR_LINE = '\r\u001b[K';

/** One line on a terminal that tells how far a long walk is. Anywhere else there is none. */
export class Progress {
  readonly #stream: OutputStream;
  readonly #isShown: boolean;
  #shownAt = Number.NEGATIVE_INFINITY;
  #isThere = false;

  constructor(stream: OutputStream, isWanted: boolean) {
    this.#stream = stream;
    this.#isShown = isWanted && stream.isTTY === true;
  }

  /** Tells anew, if it is time to. */
  tell(text: () => string): void {
    if (!this.#isShown) return;
    const now = performance.now();
    if (now - this.#shownAt < INTERVAL) return;
    this.#shownAt = now;
    this.#isThere = true;
    // A line that is broken by the terminal could not be taken away.
    this.#stream.write(CLEAR_LINE + cutToWidth(text(), this.#stream.columns));
  }

  /** Takes the line away, for what is printed next. */
  clear(): void {
    if (this.#isThere) this.#stream.write(CLEAR_LINE);
    this.#isThere = false;
  }
}
