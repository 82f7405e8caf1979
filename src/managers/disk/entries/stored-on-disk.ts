import { close } from 'node:fs';
import type { HttpResponseHead } from '../../../core/message.ts';
import type { CachePolicy } from '../../../core/policy-types.ts';
import type { StoredResponse } from '../../manager.ts';
import type { DecodedEntry, SeparateBody } from '../format/entry-record.ts';

/**
 * One revision of an entry on disk. A body of its own is held open from the look-up on, so that it can be read whole
 * whatever becomes of the entry meanwhile. Without one it never changes and is handed out again and again.
 */
export class StoredOnDisk implements StoredResponse {
  readonly cacheKey: string;
  readonly head: HttpResponseHead;
  readonly policy: CachePolicy;
  readonly token: string;
  readonly size: number;
  readonly body: Buffer | undefined;
  readonly separate: SeparateBody | undefined;
  /** The digests of the blocks of a body of its own; `undefined` without one. */
  readonly table: Buffer | undefined;
  #descriptor: number | undefined;

  constructor(entry: DecodedEntry, descriptor?: number) {
    this.cacheKey = entry.cacheKey;
    this.head = entry.head;
    this.policy = entry.policy;
    this.token = entry.revision;
    this.size = entry.size;
    this.separate = entry.separate;
    this.body = entry.separate === undefined ? entry.payload : undefined;
    this.table = entry.separate === undefined ? undefined : entry.payload;
    this.#descriptor = descriptor;
  }

  release(): void {
    const descriptor = this.takeDescriptor();
    // Nothing was written through it, so a failing close loses nothing.
    if (descriptor !== undefined) close(descriptor, () => {});
  }

  /** Hands the descriptor over to who will close it; `undefined` when it was released or handed over before. */
  takeDescriptor(): number | undefined {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    return descriptor;
  }
}
