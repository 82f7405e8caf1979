import { assertNever } from '../core/assert-never.ts';
import { headKey } from '../core/cache-key.ts';
import { currentAgeMs, freshnessLifetimeMs } from '../core/freshness.ts';
import { evaluatePreconditions } from '../core/preconditions.ts';
import { isPreferred } from '../core/preferred-response.ts';
import { wantsOnlyIfCached } from '../core/request-directives.ts';
import type { ForwardReason } from '../core/reuse-decision.ts';
import { conditionalFields, hasConditional } from '../core/validation.ts';
import { decideFor, type Asking } from './asking.ts';
import type { EngineContext } from './context.ts';
import { withDeadline } from './deadline.ts';
import type { ExplainedResponse, Explanation } from './explanation.ts';
import { missReason } from './miss-reason.ts';
import { forwardTexts, reuseTexts } from './reason-texts.ts';
import { release } from './release.ts';
import { invalidationTime, usable } from './usable.ts';
import { unused, type Found, type FoundResponse } from './variants.ts';

/** Says what a look-up would come to, as the look-up itself decides it, and does nothing of it. */
export async function explainLookUp(context: EngineContext, asking: Asking): Promise<Explanation> {
  const { flights, options } = context;
  const writing = flights.settled(asking.primary);
  if (writing !== undefined) {
    await withDeadline(writing, { ms: options.managerTimeout, expired: () => undefined });
  }
  const found = await (asking.request.method === 'HEAD'
    ? findForHead(context, asking)
    : find(context, asking, asking.primary));
  try {
    return found.kind === 'stored'
      ? explainStored(context, asking, found)
      : forwarding(asking, { found, stored: undefined, reason: missReason(found) });
  } finally {
    if (found.kind === 'stored') release(found.stored);
  }
}

async function find(context: EngineContext, asking: Asking, slot: string): Promise<Found> {
  return usable(context, asking, await context.variants.find(slot, asking.selection));
}

/** As of a look-up: a stored response to GET where one may be reused, or else one to HEAD (RFC 9110 §9.3.2). */
async function findForHead(context: EngineContext, asking: Asking): Promise<Found> {
  const answers = ({ policy }: FoundResponse): boolean =>
    decideFor(context, asking, policy).kind === 'use-stored';
  const get = await find(context, asking, asking.primary);
  if (get.kind === 'fault') return get;
  const isAnswer = get.kind === 'stored' && answers(get);
  if (isAnswer && !isForOrigin(context, asking, get)) return get;
  const head = await find(context, asking, headKey(asking.primary));
  const isOutdated = head.kind === 'stored' && head.stored.policy.requestTime <= invalidationTime(get);
  const own = isOutdated ? unused(head) : head;
  if (get.kind !== 'stored') return own;
  const isPassedOver =
    !isAnswer &&
    (own.kind !== 'stored' ||
      !answers(own) ||
      !isPreferred(own.stored, get.stored, asking.selection.hasUser));
  if (!isPassedOver) release(get.stored);
  else if (own.kind === 'stored') release(own.stored);
  return isPassedOver ? get : own;
}

/** Whether the request has a condition that only the origin can judge. */
function isForOrigin(context: EngineContext, { request }: Asking, { stored }: FoundResponse): boolean {
  return (
    hasConditional(request.headers) &&
    evaluatePreconditions(request.headers, stored.head, context.now()) === 'forward'
  );
}

function explainStored(context: EngineContext, asking: Asking, found: FoundResponse): Explanation {
  const decision = decideFor(context, asking, found.policy);
  const stored = describe(context, asking, found);
  switch (decision.kind) {
    case 'use-stored': {
      if (isForOrigin(context, asking, found))
        return forwarding(asking, { found, stored, reason: 'request' });
      const { reason } = decision;
      const text = `The stored response answers: ${reuseTexts[reason]}.`;
      return { action: 'reuse', reason, text, ...common(asking, found), key: found.key, stored };
    }
    case 'validate':
      return validation(asking, { found, stored, reason: decision.reason });
    case 'forward':
      return forwarding(asking, { found, stored, reason: decision.reason });
    default:
      return assertNever(decision);
  }
}

interface Parts {
  readonly found: Found;
  readonly stored: ExplainedResponse | undefined;
  readonly reason: ForwardReason;
}

function validation(asking: Asking, parts: Parts & { readonly found: FoundResponse }): Explanation {
  const { found, stored, reason } = parts;
  const { headers } = asking.request;
  const hasCondition = !hasConditional(headers) && conditionalFields(found.stored.policy).length > 0;
  if (mayNotAsk(asking) || !hasCondition) return forwarding(asking, parts);
  const text = `The origin is asked whether the stored response still holds: ${forwardTexts[reason]}.`;
  return { action: 'validate', reason, text, ...common(asking, found), stored };
}

function forwarding(asking: Asking, parts: Parts): Explanation {
  const { found, stored } = parts;
  const isRefused = mayNotAsk(asking);
  const reason = asking.mode === 'reload' && !isRefused ? 'request' : parts.reason;
  const what = isRefused
    ? 'The request may not go to the origin, and is answered 504'
    : 'The origin is asked';
  return {
    action: isRefused ? 'refuse' : 'forward',
    reason,
    text: `${what}: ${forwardTexts[reason]}.`,
    ...common(asking, found),
    stored,
  };
}

function mayNotAsk({ mode, request }: Asking): boolean {
  return mode === 'only-if-cached' || wantsOnlyIfCached(request.headers);
}

function common({ mode, primary }: Asking, found: Found): Pick<Explanation, 'mode' | 'key' | 'variants'> {
  const index = found.kind === 'other' || found.kind === 'stored' ? found.index : undefined;
  return { mode, key: primary, variants: index?.sets ?? [] };
}

function describe(
  context: EngineContext,
  { rules }: Asking,
  { policy, stored: { head, size } }: FoundResponse,
): ExplainedResponse {
  return {
    status: head.status,
    url: head.url,
    receivedAt: policy.responseTime,
    ageMs: currentAgeMs(policy, context.now()),
    lifetimeMs: freshnessLifetimeMs(policy, rules),
    freshness: policy.freshness,
    directives: policy.directives,
    etag: policy.etag,
    lastModified: policy.lastModified,
    varies: policy.selecting.map(([name]) => name),
    size,
  };
}
