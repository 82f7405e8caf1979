import { evaluatePreconditions } from '../core/preconditions.ts';
import { mayServeStale, type Failure } from '../core/stale-on-failure.ts';
import type { EngineContext } from './context.ts';
import type { StoredAnswer } from './deliver-stored.ts';
import type { Flight } from './flights.ts';
import type { Forwarding } from './forwarding.ts';
import type { FoundResponse } from './variants.ts';

/** A stored response that stands in for the origin, as far as that settles how it answers. */
export type StandIn = Pick<
  StoredAnswer,
  'head' | 'policy' | 'isNotModified' | 'outcome' | 'reason' | 'isKept'
>;

/** What may stand in for whom. */
export interface StandInParts {
  readonly selected: FoundResponse;
  readonly flight: Flight;
  readonly failure: Failure;
}

/** How a stored response stands in for an origin that failed (RFC 9111 §4.2.4, RFC 5861 §4); `undefined` where it may not. */
export function standIn(
  context: EngineContext,
  { request, mode, rules }: Forwarding,
  { selected, flight, failure }: StandInParts,
): StandIn | undefined {
  // §4.4: what was invalidated while the origin was asked answers no more.
  if (mode === 'no-cache' || mode === 'reload' || isInvalidatedSince(flight, selected)) return undefined;
  const { policy, stored } = selected;
  const { head } = stored;
  const now = context.now();
  // §4.3.2
  const condition = evaluatePreconditions(request.headers, head, now);
  if (condition === 'forward' || !mayServeStale({ policy, request, rules, now, failure })) return undefined;
  return {
    head,
    policy,
    isNotModified: condition === 'not-modified',
    outcome: 'stale',
    reason: failure.kind === 'unreachable' ? 'disconnected' : 'stale-if-error',
    isKept: true,
  };
}

function isInvalidatedSince({ invalidated, invalidatedGroups }: Flight, { policy }: FoundResponse): boolean {
  return invalidated || policy.groups?.some(([key]) => invalidatedGroups?.has(key)) === true;
}
