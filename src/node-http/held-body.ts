/**
 * The body of a request while it is held, to be looked up by before it is sent: as far as it is not longer than it may be.
 */
export class HeldBody {
  readonly #chunks: Buffer[] = [];
  readonly #longest: number;
  #size = 0;

  /** @param longest - The longest body that is held, in bytes. */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** Takes a copy of a part, and gives it; `undefined` when that is too much. */
  take(chunk: string | Uint8Array, encoding: BufferEncoding): Buffer | undefined {
    const size = typeof chunk === 'string' ? Buffer.byteLength(chunk, encoding) : chunk.byteLength;
    if (this.#size + size > this.#longest) return undefined;
    // The caller may write into its own once it is told that this was taken.
    const copy = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : Buffer.from(chunk);
    this.#chunks.push(copy);
    this.#size += size;
    return copy;
  }

  /** All of it. */
  whole(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}
