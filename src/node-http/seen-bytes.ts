import { createHash, type Hash } from 'node:crypto';

/** What a reader has seen of a body, so that it can be told whether another body begins alike. */
export class SeenBytes {
  readonly #hash: Hash = createHash('sha256');
  #count = 0;

  /** How many bytes were seen. */
  get count(): number {
    return this.#count;
  }

  /** Notes the next bytes. */
  add(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    this.#count += chunk.byteLength;
  }

  /** Whether what was seen here is what was seen there. */
  equals(other: SeenBytes): boolean {
    return this.#count === other.#count && this.#digest() === other.#digest();
  }

  #digest(): string {
    return this.#hash.copy().digest('base64');
  }
}
