import type { GrowingBytes } from './followers.ts';

/**
 * Collects a body in memory. Doubling one buffer, rather than keeping the chunks, bounds what a body that comes byte by
 * byte can cost.
 */
export class BodyBuffer implements GrowingBytes {
  #bytes: Buffer;
  #length = 0;

  /** Makes an empty one with room for `capacity` bytes. */
  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity);
  }

  /** Bytes collected. */
  get length(): number {
    return this.#length;
  }

  /** Adds a copy of a chunk. */
  append(chunk: Uint8Array): void {
    const length = this.#length + chunk.byteLength;
    // The first chunk of an unknown body is often all of it, so it gets exactly its room.
    if (length > this.#bytes.length)
      this.#resize(this.#length === 0 ? length : Math.max(length, 2 * this.#length));
    this.#bytes.set(chunk, this.#length);
    this.#length = length;
  }

  copy(from: number, to: number, give: (error: null, chunk: Buffer) => void): void {
    give(null, Buffer.from(this.#bytes.subarray(from, to)));
  }

  /** The collected bytes, in memory of exactly their size that nothing else shares. Nothing may be appended afterwards. */
  exact(): Buffer {
    if (this.#length < this.#bytes.length) this.#resize(this.#length);
    return this.#bytes;
  }

  #resize(capacity: number): void {
    const bytes = Buffer.allocUnsafeSlow(capacity);
    this.#bytes.copy(bytes, 0, 0, this.#length);
    this.#bytes = bytes;
  }
}
