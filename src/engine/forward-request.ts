import { conditionalFields, hasConditional } from '../core/validation.ts';
import type { FieldLines } from '../core/message.ts';
import type { Asking } from './asking.ts';
import { CachingExchange } from './caching-exchange.ts';
import type { EngineContext } from './context.ts';
import type { Plan } from './exchange.ts';
import { forwardFields } from './forward-fields.ts';
import type { Forwarding } from './forwarding.ts';

/** What is known of a request that goes to the origin beyond what was asked. */
export type ForwardParts = Pick<
  Forwarding,
  'slot' | 'found' | 'selected' | 'reason' | 'sharingKey' | 'shared' | 'isBehind'
>;

/** Has a request forwarded, with a condition made from what is stored where it has none of its own (RFC 9111 §4.3.1). */
export function forwardRequest(context: EngineContext, asking: Asking, parts: ForwardParts): Plan {
  const { request, mode, primary } = asking;
  const unconditionalFields = forwardFields(request.headers, mode);
  const condition = conditionFor(asking, parts);
  const conditional = condition.length > 0;
  if (context.events.observed('forward')) {
    const { method, url } = request;
    context.events.emit({ type: 'forward', method, url, key: primary, conditional });
  }
  const exchange = new CachingExchange(context, {
    ...asking,
    ...parts,
    reason: mode === 'reload' ? 'request' : parts.reason,
    conditional,
    unconditionalFields,
  });
  return { kind: 'forward', setFields: [...unconditionalFields, ...condition], exchange };
}

function conditionFor({ request, mode }: Asking, { selected }: ForwardParts): FieldLines {
  if (selected === undefined || mode === 'reload' || hasConditional(request.headers)) return [];
  return conditionalFields(selected.stored.policy);
}
