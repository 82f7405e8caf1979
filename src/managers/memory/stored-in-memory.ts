import { Readable } from 'node:stream';
import type { HttpResponseHead } from '../../core/message.ts';
import type { CachePolicy } from '../../core/policy-types.ts';
import type { BodySlice } from '../byte-range.ts';
import type { FrozenCopy } from '../frozen-copy.ts';
import type { StoredResponse } from '../manager.ts';

/** What an entry takes beside its strings and bytes: objects, arrays and the index, as measured roughly. */
const ENTRY_OVERHEAD = 1024;

/** Chunks of a streamed body: large enough to be few, small enough that a slow reader holds little. */
const CHUNK_SIZE = 64 * 1024;

/** What is kept beside a body. */
export interface StoredHead {
  /** The response without its body. */
  readonly head: HttpResponseHead;
  /** Its policy. */
  readonly policy: CachePolicy;
}

/**
 * One revision of an entry in memory. It never changes, so a look-up hands it out as it is: a hit allocates nothing.
 */
export class StoredInMemory implements StoredResponse {
  readonly head: HttpResponseHead;
  readonly policy: CachePolicy;
  readonly token: string;
  readonly body: Buffer;
  readonly size: number;
  /** What it counts towards the limit, in bytes, without its key. */
  readonly charge: number;

  constructor({ value, size }: FrozenCopy<StoredHead>, body: Buffer, token: string) {
    this.head = value.head;
    this.policy = value.policy;
    this.token = token;
    this.body = body;
    this.size = body.length;
    this.charge = body.length + size + ENTRY_OVERHEAD;
  }

  release(): void {}

  /** Streams copies of part of the body, each made when it is asked for. */
  stream({ from, to }: BodySlice): Readable {
    const { body } = this;
    let position = from;
    return new Readable({
      highWaterMark: CHUNK_SIZE,
      read() {
        if (position < to) {
          const next = Math.min(position + CHUNK_SIZE, to);
          const chunk = Buffer.from(body.subarray(position, next));
          position = next;
          this.push(chunk);
        }
        if (position === to) this.push(null);
      },
    });
  }
}
