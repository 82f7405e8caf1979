import { staleFrom, underIndex } from '../core/marked-stale.ts';
import type { PrefixMark, ResponsePolicy } from '../core/policy-types.ts';
import type { MaybePromise } from '../managers/manager.ts';
import type { EngineContext } from './context.ts';
import { andThen } from './maybe-promise.ts';
import type { FoundResponse } from './variants.ts';

/**
 * A stored response's policy as it counts now; `undefined` where it must not answer: it is for a cache of another kind, or
 * was invalidated, by its group or its URL, or without the store's knowledge.
 */
export function standing(
  context: EngineContext,
  primary: string,
  { stored: { policy }, index }: Pick<FoundResponse, 'stored' | 'index'>,
): MaybePromise<ResponsePolicy | undefined> {
  const { invalidations, options, groups, prefixes } = context;
  const isOfItsKind = (policy.shared === true) === options.rules.shared || options.rules.isRecord === true;
  const { requestTime, marksSeen = 0 } = policy;
  if (!isOfItsKind || invalidations.covers(primary, requestTime)) return undefined;
  if (policy.groups?.some(([key]) => invalidations.covers(key, requestTime)) === true) return undefined;
  const own = underIndex(policy, index, () => context.now());
  if (prefixes.areNone && policy.groups === undefined) return own;
  return andThen(prefixes.onStored({ primary, marksSeen, requestTime }), (mark) => {
    const marked = underMark(own, mark);
    return marked === undefined ? undefined : groups.standing(marked);
  });
}

function underMark(policy: ResponsePolicy, mark: PrefixMark | undefined): ResponsePolicy | undefined {
  if (mark === undefined) return policy;
  return mark.isStale ? staleFrom(policy, mark.at) : undefined;
}
