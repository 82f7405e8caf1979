import { brotliDecompressSync, unzipSync } from 'node:zlib';

/** The longest body that is decoded at once, in bytes, and the longest that it may become. */
const longest = { encoded: 64 * 1024, decoded: 256 * 1024 };

/** The most that is kept, in bytes. */
const mostKept = 8 * 1024 * 1024;

/** What an object takes beside its bytes, roughly. */
const overhead = 256;

/**
 * Decoded bodies of responses that are in memory, so that they are decoded once and not at each hit. Those that were
 * decoded first go first.
 */
export class DecodedBodies {
  /** `undefined` for what is not to be decoded here. */
  readonly #known = new Map<Uint8Array, Buffer | undefined>();
  #size = 0;

  /** The body of a content coding, to be looked at only; `undefined` for what axios's adapter is to decode, or to fail at. */
  decode(body: Uint8Array, coding: string): Buffer | undefined {
    if (body.length > longest.encoded || (coding !== 'gzip' && coding !== 'br')) return undefined;
    const known = this.#known.get(body);
    if (known !== undefined || this.#known.has(body)) return known;
    const decoded = decodeNow(body, coding);
    this.#keep(body, decoded);
    return decoded;
  }

  #keep(body: Uint8Array, decoded: Buffer | undefined): void {
    this.#known.set(body, decoded);
    this.#size += charge(body, decoded);
    for (const [first, its] of this.#known) {
      if (this.#size <= mostKept) break;
      this.#known.delete(first);
      this.#size -= charge(first, its);
    }
  }
}

function decodeNow(body: Uint8Array, coding: 'gzip' | 'br'): Buffer | undefined {
  const options = { maxOutputLength: longest.decoded };
  try {
    return coding === 'gzip' ? unzipSync(body, options) : brotliDecompressSync(body, options);
  } catch {
    return undefined;
  }
}

function charge(body: Uint8Array, decoded: Uint8Array | undefined): number {
  return overhead + body.length + (decoded?.length ?? 0);
}
