import type { Transform } from 'node:stream';
import { createBrotliDecompress, createUnzip } from 'node:zlib';
import { fieldValue } from '../core/fields.ts';
import type { FieldLines } from '../core/message.ts';

/** The beginning of a body, as the option `shouldStore` is given it. */
export interface BodySample {
  /** Its first bytes, decoded where the content coding is gzip, deflate or br; at most `sampleSize` of them. */
  readonly bytes: Uint8Array;
  /** The same as text in UTF-8. */
  readonly text: string;
  /** Whether this is the whole body. */
  readonly isWhole: boolean;
}

/** Keeps the beginning of a body that passes by. */
export class BodySampler {
  readonly #limit: number;
  readonly #chunks: Buffer[] = [];
  #kept = 0;
  #size = 0;

  /** @param limit - The most bytes of a sample. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Looks at a chunk, which may be changed afterwards. */
  see(chunk: Uint8Array): void {
    this.#size += chunk.byteLength;
    const rest = this.#limit - this.#kept;
    if (rest <= 0) return;
    const copy = Buffer.from(chunk.subarray(0, rest));
    this.#chunks.push(copy);
    this.#kept += copy.length;
  }

  /** What is known of the body now. Never rejects: what does not decode is given as it came. */
  async sample(headers: FieldLines): Promise<BodySample> {
    const encoded = Buffer.concat(this.#chunks);
    const isAllSeen = this.#kept === this.#size;
    const decoder = decoderFor(fieldValue(headers, 'content-encoding'));
    if (decoder === undefined || encoded.length === 0) return sampleOf(encoded, isAllSeen);
    const decoded = await beginningOf(decoder, encoded, this.#limit);
    return decoded === undefined
      ? sampleOf(encoded, false)
      : sampleOf(decoded.bytes, isAllSeen && decoded.isWhole);
  }
}

function sampleOf(bytes: Buffer, isWhole: boolean): BodySample {
  return {
    bytes,
    isWhole,
    // Whoever asks for bytes alone does not pay for it.
    get text() {
      return bytes.toString('utf8');
    },
  };
}

function decoderFor(coding: string | undefined): Transform | undefined {
  const name = coding?.trim().toLowerCase() ?? '';
  if (name === 'br') return createBrotliDecompress();
  return ['gzip', 'x-gzip', 'deflate'].includes(name) ? createUnzip() : undefined;
}

/** As much as decodes of what may be cut off anywhere, within a limit; `undefined` when nothing does. */
async function beginningOf(
  decoder: Transform,
  encoded: Buffer,
  limit: number,
): Promise<{ bytes: Buffer; isWhole: boolean } | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  let isWhole = false;
  decoder.end(encoded);
  try {
    for await (const chunk of decoder) {
      const bytes: Buffer = chunk;
      chunks.push(bytes);
      size += bytes.length;
      if (size > limit) break;
    }
    isWhole = size <= limit;
  } catch {
    // Cut off, or not what it says it is: what came before that counts.
  }
  return size === 0 && !isWhole ? undefined : { bytes: Buffer.concat(chunks).subarray(0, limit), isWhole };
}
