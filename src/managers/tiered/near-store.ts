import type { Readable } from 'node:stream';
import type { HttpResponseHead } from '../../core/message.ts';
import type { CachePolicy } from '../../core/policy-types.ts';
import { isPromise } from '../and-then.ts';
import { BufferedManager, type StreamingMethods } from '../buffered-manager.ts';
import { isStreaming } from '../check-manager.ts';
import type { ByteRange, CacheManager, CacheWriter, MaybePromise, StoredResponse } from '../manager.ts';

/** Head and policy of what is copied; nobody else's, so that nobody changes them meanwhile. */
export interface CopiedHead {
  readonly head: HttpResponseHead;
  readonly policy: CachePolicy;
}

/** The near manager. It has copies only, so what it fails at is as if it had none. */
export class NearStore {
  readonly #manager: CacheManager;
  readonly #streaming: StreamingMethods;
  readonly #maxEntrySize: number;

  constructor(manager: CacheManager) {
    this.#manager = manager;
    if (isStreaming(manager)) {
      this.#streaming = manager;
      this.#maxEntrySize = manager.maxEntrySize ?? Number.POSITIVE_INFINITY;
    } else {
      const buffered = new BufferedManager(manager);
      this.#streaming = buffered;
      this.#maxEntrySize = buffered.maxEntrySize;
    }
  }

  /** Whether it keeps bodies of so many bytes. */
  fits(size: number): boolean {
    return size <= this.#maxEntrySize;
  }

  /** A copy, if it is still there. */
  read(nearKey: string): MaybePromise<StoredResponse | undefined> {
    try {
      const found = this.#streaming.getStream(nearKey);
      return isPromise(found) ? found.catch(() => undefined) : found;
    } catch {
      return undefined;
    }
  }

  /** The body of a copy, or a range of it. */
  stream(stored: StoredResponse, range?: ByteRange): Readable {
    return this.#streaming.streamResponse(stored, range);
  }

  /** Begins a copy. */
  async begin(nearKey: string, { head, policy }: CopiedHead, size: number): Promise<CacheWriter> {
    return await this.#streaming.putStream(nearKey, head, policy, { size });
  }

  /** Removes a copy. */
  drop(nearKey: string): void {
    try {
      this.#manager.delete(nearKey).catch(() => undefined);
    } catch {
      // A manager may throw where it should reject.
    }
  }

  /** Ends it. */
  async close(): Promise<void> {
    await this.#manager.close?.();
  }
}
