import type { ResponsePolicy } from '../core/policy-types.ts';
import type { EngineContext } from './context.ts';

/** Whether what is stored is for a cache of this kind, and was not invalidated without the store's knowledge. */
export function mayAnswer(
  { invalidations, options }: EngineContext,
  primary: string,
  policy: ResponsePolicy,
): boolean {
  const isOfItsKind = (policy.shared === true) === options.rules.shared || options.rules.isRecord === true;
  return isOfItsKind && !invalidations.covers(primary, policy.requestTime);
}
