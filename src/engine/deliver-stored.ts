import { currentAgeMs, freshnessLifetimeMs } from '../core/freshness.ts';
import type { ResponseHead } from '../core/message.ts';
import type { ResponsePolicy } from '../core/policy-types.ts';
import { notModifiedHead } from '../core/preconditions.ts';
import type { ReuseReason } from '../core/reuse-decision.ts';
import type { CacheInfo, CacheOutcome } from './cache-info.ts';
import type { EngineContext } from './context.ts';
import type { Plan } from './exchange.ts';
import type { Forwarding } from './forwarding.ts';
import { statusFields } from './status-fields.ts';
import type { StoredMessage } from './store.ts';
import { Delivery } from './stored-delivery.ts';

/** A stored response that answers a request which the origin was asked for. */
export interface StoredAnswer {
  /** The stored response, for its body. */
  readonly stored: StoredMessage;
  /** The key it is stored under. */
  readonly key: string;
  /** Its head as it is handed out, or stands behind a 304. */
  readonly head: ResponseHead;
  /** Whether the caller's own condition makes it a 304. */
  readonly isNotModified: boolean;
  /** Its policy by that head. */
  readonly policy: ResponsePolicy;
  readonly outcome: CacheOutcome;
  readonly reason: ReuseReason;
  /** The status that the origin answered with, if it did. */
  readonly forwardStatus: number | undefined;
  /** Whether the store keeps it. */
  readonly isKept: boolean;
  /** Whether the origin was asked with a condition of ours. */
  readonly conditional: boolean;
  /** What to do when its body cannot be read; `undefined` where nothing is left to do. */
  readonly otherwise: ((error: Error) => Plan) | undefined;
}

/** Answers from the store what the origin was asked for. */
export function deliverStored(
  context: EngineContext,
  { request, mode, reason, rules }: Pick<Forwarding, 'request' | 'mode' | 'reason' | 'rules'>,
  answer: StoredAnswer,
): Delivery {
  const { stored, policy, isNotModified } = answer;
  const head = isNotModified ? notModifiedHead(answer.head) : answer.head;
  const ageMs = currentAgeMs(policy, context.now());
  const info: CacheInfo = {
    outcome: answer.outcome,
    reason: answer.reason,
    key: answer.key,
    mode,
    ageMs,
    freshForMs: freshnessLifetimeMs(policy, rules) - ageMs,
    stored: answer.isKept,
    notStored: undefined,
    revalidated: answer.conditional,
    forwardStatus: answer.forwardStatus,
    collapsed: false,
    metadata: stored.head.metadata,
  };
  return new Delivery(context.store, stored, {
    request,
    now: context.now(),
    head,
    ageMs,
    statusFields: statusFields(context, head, info, reason),
    withBody: !isNotModified && request.method !== 'HEAD',
    info,
    otherwise: stored.body === undefined ? answer.otherwise : undefined,
    mayRepeat: true,
  });
}
