import type { HttpResponseHead } from '../../core/message.ts';
import type { CachePolicy } from '../../core/policy-types.ts';
import type { StoredResponse } from '../manager.ts';
import type { Metadata, Revision } from './stored-entry.ts';

/** One revision of an entry as it was read: with its body, where that is small. */
export class StoredInRedis implements StoredResponse {
  readonly head: HttpResponseHead;
  readonly policy: CachePolicy;
  readonly token: string;
  readonly size: number;
  readonly body: Buffer | undefined;
  /** The key of the entry in Redis. */
  readonly entry: string;
  /** The key that the response is stored under. */
  readonly cacheKey: string;
  /** The key of the body in Redis, where it has one of its own. */
  readonly bodyKey: string | undefined;

  /** When its metadata was written, in milliseconds since 1970. */
  readonly at: number;

  constructor(
    entry: string,
    { cacheKey, head, policy, at }: Metadata,
    revision: Revision,
    body: { readonly bytes: Buffer | undefined; readonly key: string | undefined },
  ) {
    this.entry = entry;
    this.cacheKey = cacheKey;
    this.at = at;
    this.head = head;
    this.policy = policy;
    this.token = revision.token;
    this.size = revision.size;
    this.body = body.bytes;
    this.bodyKey = body.key;
  }

  release(): void {}
}
