import type { Readable } from 'node:stream';
import type { CacheMode } from '../core/cache-mode.ts';
import type { FieldLines, RequestHead, ResponseHead } from '../core/message.ts';
import type { ForwardReason } from '../core/reuse-decision.ts';
import { infoWithoutResponse, type CacheInfo } from './cache-info.ts';
import type { EngineContext } from './context.ts';
import { emptyBody } from './empty-body.ts';
import type { StoredDelivery } from './exchange.ts';
import { withStatusFields } from './status-fields.ts';

/** The answer to a request that may only be answered from the store, when the store has no answer (RFC 9111 §5.2.1.7). */
export class GatewayTimeout implements StoredDelivery {
  readonly head: ResponseHead;
  readonly trailers: FieldLines = [];
  readonly size: number = 0;
  readonly growing: undefined;
  readonly firstChunkTimeoutMs: number = 0;
  readonly info: CacheInfo;

  constructor(
    context: EngineContext,
    request: RequestHead,
    why: { readonly key: string | undefined; readonly mode: CacheMode; readonly reason: ForwardReason },
  ) {
    this.info = infoWithoutResponse({ outcome: 'unsatisfiable', ...why });
    const head = {
      status: 504,
      statusText: 'Gateway Timeout',
      httpVersion: '1.1',
      headers: [['Content-Length', '0']],
    } satisfies ResponseHead;
    this.head = withStatusFields(context, head, this.info);
    context.answered(request, this.info);
  }

  view(): Uint8Array {
    return this.bytes();
  }

  bytes(): Uint8Array {
    return new Uint8Array();
  }

  open(): Readable {
    return emptyBody();
  }

  release(): void {
    // There is nothing to let go of.
  }
}
