import { Readable } from 'node:stream';
import { isError } from '../../core/is-error.ts';
import type { BodySlice } from '../byte-range.ts';
import { KeptAlive } from './kept-alive.ts';
import type { RedisPort } from './redis-port.ts';
import { bytesOf } from './replies.ts';
import { CHUNK_SIZE, damaged } from './stored-entry.ts';
import { within } from './within.ts';

/** How many chunks are asked for ahead of the reader. */
const AHEAD = 3;

/** What a body is read from. */
export interface RedisBody {
  readonly port: RedisPort;
  /** The key of its chunks. */
  readonly key: string;
  /** Length of the whole body in bytes. */
  readonly size: number;
  /** The part to give. */
  readonly slice: BodySlice;
  /** Called when chunks are not there, or not as long as they were. */
  readonly onDamage: () => void;
}

/** Reads a body as it is consumed, chunk by chunk and some ahead. What was evicted meanwhile ends it in an error, never early. */
export class RedisBodyStream extends Readable {
  readonly #body: RedisBody;
  readonly #kept: KeptAlive;
  readonly #ahead: Promise<Buffer>[] = [];
  #next: number;
  #position: number;

  constructor(body: RedisBody) {
    super({ highWaterMark: CHUNK_SIZE });
    this.#body = body;
    this.#position = body.slice.from;
    this.#next = Math.floor(body.slice.from / CHUNK_SIZE);
    this.#kept = new KeptAlive(body.port, body.key);
  }

  override _read(): void {
    this.#ask();
    const first = this.#ahead.shift();
    if (first === undefined) this.push(null);
    else first.then((chunk) => this.#give(chunk)).catch((error: unknown) => this.#fail(error));
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#kept.stop();
    callback(error);
  }

  #ask(): void {
    const { size, slice } = this.#body;
    while (this.#ahead.length < AHEAD && this.#next * CHUNK_SIZE < slice.to) {
      const chunk = readChunk(this.#body, this.#next, Math.min(CHUNK_SIZE, size - this.#next * CHUNK_SIZE));
      // It is looked at when it is its turn.
      chunk.catch(() => undefined);
      this.#ahead.push(chunk);
      this.#next++;
    }
  }

  #give(chunk: Buffer): void {
    const { to } = this.#body.slice;
    const start = this.#position - (this.#position % CHUNK_SIZE);
    const part = chunk.subarray(this.#position - start, to - start);
    this.#position += part.length;
    this.#ask();
    this.push(part);
    if (this.#position === to) this.push(null);
  }

  #fail(error: unknown): void {
    this.destroy(isError(error) ? error : new Error(String(error)));
  }
}

/** One chunk of a body, of the length that it was stored with. */
export async function readChunk(
  { port, key, onDamage }: Pick<RedisBody, 'port' | 'key' | 'onDamage'>,
  index: number,
  length: number,
): Promise<Buffer> {
  const chunk = bytesOf(await within(port.send(key, ['HGET', key, String(index)]), 'read a body'));
  if (chunk?.length === length) return owned(chunk);
  onDamage();
  throw damaged();
}

/** Clients give parts of what they received at once: changing one must not change what comes behind it. */
function owned(chunk: Buffer): Buffer {
  return chunk.length === chunk.buffer.byteLength ? chunk : Buffer.from(chunk);
}
