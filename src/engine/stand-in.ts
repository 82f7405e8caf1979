import { evaluatePreconditions } from '../core/preconditions.ts';
import { mayServeStale, type Failure } from '../core/stale-on-failure.ts';
import type { EngineContext } from './context.ts';
import type { StoredAnswer } from './deliver-stored.ts';
import type { Flight } from './flights.ts';
import type { Forwarding } from './forwarding.ts';
import type { StoredMessage } from './store.ts';

/** A stored response that stands in for the origin, as far as that settles how it answers. */
export type StandIn = Pick<
  StoredAnswer,
  'head' | 'policy' | 'isNotModified' | 'outcome' | 'reason' | 'isKept'
>;

/** How a stored response stands in for an origin that failed (RFC 9111 §4.2.4, RFC 5861 §4); `undefined` where it may not. */
export function standIn(
  context: EngineContext,
  { request, mode, rules }: Forwarding,
  {
    stored,
    flight,
    failure,
  }: { readonly stored: StoredMessage; readonly flight: Flight; readonly failure: Failure },
): StandIn | undefined {
  // §4.4: what was invalidated while the origin was asked answers no more.
  if (mode === 'no-cache' || mode === 'reload' || flight.invalidated) return undefined;
  const { policy, head } = stored;
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
