import type { EngineContext } from './context.ts';
import { mayAnswer } from './may-answer.ts';
import { replacedResponse, unused, type Found } from './variants.ts';

/** What was found for a target URI, without a response that was invalidated, or that is for a cache of another kind. */
export function usable(
  context: EngineContext,
  { primary }: { readonly primary: string },
  found: Found,
): Found {
  if (found.kind !== 'stored' || mayAnswer(context, primary, found.stored.policy)) return found;
  return unused(found);
}

/** When the target URI was last invalidated, in milliseconds since 1970; 0 for never. */
export function invalidationTime(found: Found): number {
  const index = found.kind === 'stored' || found.kind === 'other' ? found.index : undefined;
  return index?.invalidatedAt ?? replacedResponse(found)?.policy.invalidatedAt ?? 0;
}
