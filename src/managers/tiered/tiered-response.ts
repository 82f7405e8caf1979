import type { HttpResponseHead } from '../../core/message.ts';
import type { CachePolicy } from '../../core/policy-types.ts';
import type { StoredResponse } from '../manager.ts';
import type { NearFill } from './near-fill.ts';

/** Where a stored response is read from, and what it is there. */
export type Source =
  | { readonly tier: 'near'; readonly stored: StoredResponse }
  | {
      readonly tier: 'far';
      readonly stored: StoredResponse;
      /** Begins the copy that is made while the body is read; `undefined` where none is. */
      readonly copy: PendingCopy | undefined;
    };

/** A copy that is made if the body is read from its beginning. */
export interface PendingCopy {
  /** The body is read: gives what takes its chunks. */
  begin(): NearFill;
  /** It is not. */
  cancel(): void;
}

/** A stored response of either store, by the far store's token. */
export class TieredResponse implements StoredResponse {
  readonly head: HttpResponseHead;
  readonly policy: CachePolicy;
  readonly token: string;
  readonly size: number;
  readonly body: Uint8Array | undefined;
  /** Where its body comes from. */
  readonly source: Source;

  constructor(source: Source, token: string) {
    const { head, policy, size, body } = source.stored;
    this.head = head;
    this.policy = policy;
    this.token = token;
    this.size = size;
    this.body = body;
    this.source = source;
  }

  release(): void {
    if (this.source.tier === 'far') this.source.copy?.cancel();
    this.source.stored.release();
  }
}
