import type { Directives } from './cache-control.ts';
import { errorLifetimeMs } from './error-lifetime.ts';
import { currentAgeMs, freshnessLifetimeMs } from './freshness.ts';
import type { RequestHead } from './message.ts';
import type { ResponsePolicy } from './policy-types.ts';
import { requestDirectives } from './request-directives.ts';
import { forbidsStale } from './reuse-decision.ts';
import type { CacheRules } from './rules.ts';

/** How the origin failed. */
export type Failure =
  /** It answered with this status. */
  | { readonly kind: 'error-status'; readonly status: number }
  /** It could not be reached: refused, reset, no name. Not for aborts and the caller's own timeouts. */
  | { readonly kind: 'unreachable' };

/** What the decision about standing in for a failed origin depends on. */
export interface FailureInput {
  /** The policy of the stored response, which was selected for this request. */
  readonly policy: ResponsePolicy;
  /** The request. */
  readonly request: RequestHead;
  /** The rules of the cache. */
  readonly rules: CacheRules;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What happened. */
  readonly failure: Failure;
}

/** RFC 5861 §4: the statuses that count as errors. */
const errorStatuses: ReadonlySet<number> = new Set([500, 502, 503, 504]);

/**
 * Whether a stored response may answer although it could not be validated (RFC 9111 §4.2.4, RFC 5861 §4). To be asked
 * only where the mode lets stored responses answer: not for `no-cache`, `reload` and `no-store`.
 */
export function mayServeStale(input: FailureInput): boolean {
  const { policy, rules, failure } = input;
  if (failure.kind === 'error-status' && !errorStatuses.has(failure.status)) return false;
  // What is fresh by `errorTtl` alone is kept for that long and no longer: one failure is no answer to another.
  if (policy.freshness.kind !== 'explicit' && errorLifetimeMs(policy, rules) !== undefined) return false;
  // §4.2.4: no other permission outweighs a directive that forbids it.
  if (forbidsStale(policy, rules)) return false;
  const wanted = requestDirectives(input.request.headers);
  const ageMs = currentAgeMs(policy, input.now);
  const stalenessMs = ageMs - freshnessLifetimeMs(policy, rules);
  if (wanted !== undefined && refusesStale(wanted, ageMs, stalenessMs)) return false;
  return stalenessMs <= allowedStalenessMs(input, wanted);
}

/** Whether the request does not take a stale response of this age (§5.2.1). */
function refusesStale(wanted: Directives, ageMs: number, stalenessMs: number): boolean {
  if (wanted.noCache) return true;
  // RFC 5861 §4: with stale-if-error it takes one, whatever else it says about freshness.
  if (wanted.staleIfErrorSeconds !== undefined) return false;
  const { maxAgeSeconds, maxStaleSeconds, minFreshSeconds } = wanted;
  if (minFreshSeconds !== undefined) return true;
  // §5.2.1.2
  if (maxStaleSeconds !== undefined && stalenessMs > maxStaleSeconds * 1000) return true;
  if (maxAgeSeconds === undefined) return false;
  // §5.2.1.1: with max-age it takes a stale one only where max-stale says so too.
  return maxStaleSeconds === undefined || ageMs > maxAgeSeconds * 1000;
}

/** How far past its freshness the response may be, in milliseconds; negative for not at all. */
function allowedStalenessMs(
  { policy, rules, failure }: FailureInput,
  wanted: Directives | undefined,
): number {
  const requestedSeconds = wanted?.staleIfErrorSeconds;
  const byDirectiveMs = Math.max(
    policy.directives.staleIfErrorMs ?? -1,
    requestedSeconds === undefined ? -1 : requestedSeconds * 1000,
  );
  // RFC 5861 §4: an origin that cannot be reached is what a gateway would answer a 502 or 504 for, and the limit holds.
  if (failure.kind === 'error-status' || byDirectiveMs >= 0) return byDirectiveMs;
  return rules.maxStaleIfDisconnected > 0 ? rules.maxStaleIfDisconnected : -1;
}
