import { hasField } from '../core/fields.ts';
import { conditionalFields, hasConditional } from '../core/validation.ts';
import { offerFields } from '../core/variant-tags.ts';
import type { VariantTag } from '../core/policy-types.ts';
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
  'slot' | 'found' | 'selected' | 'reason' | 'sharingKey' | 'shared' | 'lease' | 'isBehind'
>;

/** Has a request forwarded, with a condition made from what is stored where it has none of its own (RFC 9111 §4.3.1). */
export function forwardRequest(context: EngineContext, asking: Asking, parts: ForwardParts): Plan {
  const { request, mode, primary } = asking;
  const unconditionalFields = forwardFields(request.headers, mode);
  const mayAdd = mode !== 'reload' && !hasConditional(request.headers);
  const offered = mayAdd ? offersFor(context, asking, parts) : [];
  const condition = mayAdd ? conditionFor(parts, offered) : [];
  const conditional = condition.length > 0;
  if (context.events.observed('forward')) {
    const { method, url } = request;
    context.events.emit({ type: 'forward', method, url, key: primary, conditional });
  }
  const exchange = new CachingExchange(context, {
    ...asking,
    ...parts,
    reason: mode === 'reload' ? 'request' : parts.reason,
    offered,
    conditional,
    unconditionalFields,
  });
  return { kind: 'forward', setFields: [...unconditionalFields, ...condition], exchange };
}

function conditionFor({ selected }: ForwardParts, offered: readonly VariantTag[]): FieldLines {
  return selected === undefined ? offerFields(offered) : conditionalFields(selected.stored.policy);
}

/** The variants to name where none was selected: not for a HEAD or a part, which their bodies are not asked for by. */
function offersFor(
  { variants }: EngineContext,
  { request, selection }: Asking,
  { selected, found }: ForwardParts,
): readonly VariantTag[] {
  if (selected !== undefined || request.method !== 'GET' || hasField(request.headers, 'range')) return [];
  return variants.offers(found, selection);
}
