import type { HttpResponseHead } from '../../core/message.ts';
import type { CachePolicy } from '../../core/policy-types.ts';
import type { FrozenCopy } from '../frozen-copy.ts';
import type { StoredResponse } from '../manager.ts';

/** What an entry takes beside its strings and bytes: objects, arrays and the index, as measured roughly. */
const ENTRY_OVERHEAD = 1024;

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
}
