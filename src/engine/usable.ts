import type { ResponsePolicy } from '../core/policy-types.ts';
import type { MaybePromise } from '../managers/manager.ts';
import type { EngineContext } from './context.ts';
import { isPromise } from './maybe-promise.ts';
import { standing } from './standing.ts';
import { replacedResponse, unused, type Found, type FoundResponse } from './variants.ts';

/** What was found for a target URI as it counts now: without a response that must not answer, see {@link standing}. */
export function usable(
  context: EngineContext,
  { primary }: { readonly primary: string },
  found: Found,
): MaybePromise<Found> {
  if (found.kind !== 'stored') return found;
  const policy = standing(context, primary, found);
  return isPromise(policy) ? policy.then((late) => counting(found, late)) : counting(found, policy);
}

/** What was found, with the policy that counts now. */
function counting(found: FoundResponse, policy: ResponsePolicy | undefined): Found {
  if (policy === undefined) return unused(found);
  return policy === found.policy ? found : { ...found, policy };
}

/** When the target URI was last invalidated, in milliseconds since 1970; 0 for never. */
export function invalidationTime(found: Found): number {
  const index = found.kind === 'stored' || found.kind === 'other' ? found.index : undefined;
  return index?.invalidatedAt ?? replacedResponse(found)?.policy.invalidatedAt ?? 0;
}
