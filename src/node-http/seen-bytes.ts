import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * How bytes are compared. `exactly`, by their SHA-256. `cheaply`, by their CRC-32, at a tenth of the cost: to notice that an
 * origin changed what it sends, where no body breaks off unless the disk is damaged.
 */
export type Comparison = 'exactly' | 'cheaply';

/** A sum of bytes that come piece by piece. */
interface RunningSum {
  readonly add: (chunk: Uint8Array) => void;
  readonly value: () => string;
}

/** What a reader has seen of a body, so that it can be told whether another body begins alike. */
export class SeenBytes {
  readonly #sum: RunningSum;
  #count = 0;

  constructor(comparison: Comparison) {
    this.#sum = comparison === 'exactly' ? runningSha256() : runningCrc32();
  }

  /** How many bytes were seen. */
  get count(): number {
    return this.#count;
  }

  /** Notes the next bytes. */
  add(chunk: Uint8Array): void {
    this.#sum.add(chunk);
    this.#count += chunk.byteLength;
  }

  /** Whether what was seen here is what was seen there, by the same comparison. */
  equals(other: SeenBytes): boolean {
    return this.#count === other.#count && this.#sum.value() === other.#sum.value();
  }
}

function runningSha256(): RunningSum {
  const hash = createHash('sha256');
  return { add: (chunk) => void hash.update(chunk), value: () => hash.copy().digest('base64') };
}

function runningCrc32(): RunningSum {
  let sum = 0;
  return { add: (chunk) => void (sum = crc32(chunk, sum)), value: () => String(sum) };
}
