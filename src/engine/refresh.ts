import { refreshLeaseKey } from '../core/lease-key.ts';
import type { MaybePromise } from '../managers/manager.ts';
import { decideFor, type Asking } from './asking.ts';
import type { EngineContext } from './context.ts';
import type { Plan } from './exchange.ts';
import { forwardRequest, type ForwardParts } from './forward-request.ts';
import type { Taken } from './leases.ts';
import { andThen, isPromise } from './maybe-promise.ts';
import { release } from './release.ts';
import { unbreakable } from './unbreakable.ts';
import type { Found, FoundResponse } from './variants.ts';

/** What was handed out stale. */
export interface StaleAnswer {
  /** Where responses to the request's method are kept. */
  readonly slot: string;
  /** The key of the response. */
  readonly key: string;
  /** Looks it up again. */
  readonly find: () => MaybePromise<Found>;
}

/**
 * Validates behind its back what was handed out stale (RFC 5861 §3), unless that is under way, here or in another process, or
 * no longer needed.
 */
export function refresh(
  context: EngineContext,
  asking: Asking,
  { slot, key, find }: StaleAnswer,
): MaybePromise<Plan | undefined> {
  const { collapsing, flights, leases } = context;
  const mark = refreshLeaseKey(key);
  if (collapsing.find(mark) !== undefined) return undefined;
  const shared = collapsing.lead(mark, () => context.now());
  flights.inBackground(shared.over);
  let taken: Taken = 'none';
  const giveUp = (): undefined => {
    shared.end();
    const ended = typeof taken === 'string' ? undefined : taken.end();
    if (isPromise(ended)) flights.inBackground(ended);
  };
  return unbreakable(
    () =>
      // Looked up behind that: its last holder may have validated it since.
      andThen(collapsing.isOn ? leases.take(mark) : 'none', (answer) => {
        taken = answer;
        if (answer === 'taken') return giveUp();
        const lease = typeof answer === 'string' ? undefined : answer;
        return andThen(find(), (found) => {
          const parts = { slot, found, sharingKey: undefined, shared, lease };
          const plan =
            found.kind === 'stored' ? validateBehind(context, asking, { ...parts, found }) : undefined;
          return plan ?? giveUp();
        });
      }),
    (error) => {
      context.fault('refresh', error);
      return giveUp();
    },
  );
}

function validateBehind(
  context: EngineContext,
  asking: Asking,
  parts: Pick<ForwardParts, 'slot' | 'sharingKey' | 'shared' | 'lease'> & { readonly found: FoundResponse },
): Plan | undefined {
  const { found } = parts;
  const decision = decideFor(context, asking, found.policy);
  if (decision.kind === 'use-stored' && decision.reason === 'stale-while-revalidate') {
    return forwardRequest(context, asking, { ...parts, selected: found, reason: 'stale', isBehind: true });
  }
  release(found.stored);
  return undefined;
}
