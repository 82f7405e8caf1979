import { assertNever } from './assert-never.ts';
import { isAuthenticated } from './authenticated.ts';
import type { Directives } from './cache-control.ts';
import type { CacheMode } from './cache-mode.ts';
import { hasField } from './fields.ts';
import { currentAgeMs, freshnessLifetimeMs, isOldRegardless } from './freshness.ts';
import type { RequestHead } from './message.ts';
import type { ResponsePolicy } from './policy-types.ts';
import { requestDirectives } from './request-directives.ts';
import type { CacheRules } from './rules.ts';
import { hasConditional } from './validation.ts';

/** Why a stored response is reused. A closed list:
 *
 * - `fresh`: it is fresh.
 * - `forced`: the mode takes it at any age.
 * - `max-stale`: the request takes it that stale.
 * - `stale-while-revalidate`: the response allows it while it is validated in the background.
 * - `validated`: the origin confirmed it.
 * - `stale-if-error`: the origin answered with an error, and the response or request allows it then.
 * - `disconnected`: the origin could not be reached.
 */
export type ReuseReason =
  | 'fresh'
  | 'forced'
  | 'max-stale'
  | 'stale-while-revalidate'
  | 'validated'
  | 'stale-if-error'
  | 'disconnected';

/** Why the origin is asked: the words of RFC 9211 §2.2, and `fault`. A closed list:
 *
 * - `uri-miss`: nothing is stored for the target URI.
 * - `vary-miss`: something is stored, but for other request fields or other credentials.
 * - `miss`: something is stored, but it cannot be used.
 * - `request`: the request's directives or mode ask for it.
 * - `stale`: the stored response is stale, or must be validated.
 * - `fault`: the store could not be asked.
 */
export type ForwardReason = 'uri-miss' | 'vary-miss' | 'miss' | 'request' | 'stale' | 'fault';

/** What the decision about reusing a stored response depends on. */
export interface ReuseInput {
  /** The policy of the stored response, which was selected for this request. */
  readonly policy: ResponsePolicy;
  /** The request. */
  readonly request: RequestHead;
  /** The mode that holds. */
  readonly mode: CacheMode;
  /** The rules of the cache. */
  readonly rules: CacheRules;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What to do with a stored response that was selected for a request. Ages and times are milliseconds. */
export type ReuseDecision =
  /** Answer with it. */
  | {
      readonly kind: 'use-stored';
      readonly reason: ReuseReason;
      /** Whether it is past its freshness. */
      readonly stale: boolean;
      readonly ageMs: number;
      readonly freshForMs: number;
    }
  /** Ask the origin whether it still holds; without a validator, ask for a new one. */
  | {
      readonly kind: 'validate';
      readonly reason: ForwardReason;
      readonly ageMs: number;
      readonly freshForMs: number;
    }
  /** Ask the origin as if nothing were stored. */
  | { readonly kind: 'forward'; readonly reason: ForwardReason };

interface Ages {
  readonly ageMs: number;
  readonly freshForMs: number;
}

/** Decides whether a stored response answers a request (RFC 9111 §4), by the mode that holds. */
export function decideReuse(input: ReuseInput): ReuseDecision {
  const { mode, policy, rules } = input;
  const ageMs = currentAgeMs(policy, input.now);
  const ages = { ageMs, freshForMs: freshnessLifetimeMs(policy, rules) - ageMs };
  if (rules.isRecord === true) return useStored(ages, isFresh(policy, ages) ? 'fresh' : 'forced');
  switch (mode) {
    case 'default':
      return reuseByRules(input, ages);
    case 'force-cache':
    case 'only-if-cached':
      return useStored(ages, isFresh(policy, ages) ? 'fresh' : 'forced');
    case 'ignore-rules':
      if (isOldRegardless(policy, rules, ageMs)) return validate(ages, 'stale');
      return useStored(ages, isFresh(policy, ages) ? 'fresh' : 'forced');
    case 'no-cache':
      return validate(ages, 'request');
    case 'reload':
    case 'no-store':
      return { kind: 'forward', reason: 'request' };
    default:
      return assertNever(mode);
  }
}

function reuseByRules({ policy, request, rules }: ReuseInput, ages: Ages): ReuseDecision {
  const wanted = requestDirectives(request.headers);
  const fresh = isFresh(policy, ages);
  const isUnchanging =
    fresh && rules.immutable && policy.directives.immutable && isAuthenticated(request.url);
  if (wanted !== undefined && !meetsRequest(wanted, ages, isUnchanging)) return validate(ages, 'request');
  if (fresh) return useStored(ages, 'fresh');
  if (forbidsStale(policy, rules)) return validate(ages, 'stale');
  // §5.2.1.2
  const maxStaleMs = (wanted?.maxStaleSeconds ?? -1) * 1000;
  if (-ages.freshForMs <= maxStaleMs) return useStored(ages, 'max-stale');
  const { staleWhileRevalidateMs: windowMs } = policy.directives;
  if (windowMs > 0 && -ages.freshForMs <= windowMs && mayBeValidatedBehind(request, wanted)) {
    return useStored(ages, 'stale-while-revalidate');
  }
  return validate(ages, 'stale');
}

/**
 * Whether a request takes a response that is stale beyond its `max-stale` (§5.2.1), and its like, sent behind it, would validate that (RFC 5861 §3): not
 * a HEAD, one with a condition of its own, or one for a part, which a new representation would only come in parts to.
 */
function mayBeValidatedBehind(request: RequestHead, wanted: Directives | undefined): boolean {
  if (wanted?.maxAgeSeconds !== undefined || wanted?.maxStaleSeconds !== undefined) return false;
  if (wanted?.onlyIfCached === true) return false;
  return request.method === 'GET' && !hasConditional(request.headers) && !hasField(request.headers, 'range');
}

/** Whether a response of this age is what the request's directives ask for, its staleness left aside (§5.2.1). */
function meetsRequest(wanted: Directives, { ageMs, freshForMs }: Ages, isUnchanging: boolean): boolean {
  if (wanted.noCache) return false;
  const { maxAgeSeconds, minFreshSeconds } = wanted;
  if (!meetsMaxAge(maxAgeSeconds, ageMs, isUnchanging)) return false;
  // §5.2.1.3
  return minFreshSeconds === undefined || freshForMs >= minFreshSeconds * 1000;
}

/** §5.2.1.1, and RFC 8246 §2: with max-age=0 a client reloads, whatever the age, but for what does not change while fresh. */
function meetsMaxAge(maxAgeSeconds: number | undefined, ageMs: number, isUnchanging: boolean): boolean {
  if (maxAgeSeconds === 0) return isUnchanging;
  return maxAgeSeconds === undefined || ageMs <= maxAgeSeconds * 1000;
}

/** Whether the response itself forbids that it is reused stale (RFC 9111 §4.2.4). */
export function forbidsStale(policy: ResponsePolicy, rules: CacheRules): boolean {
  const { noCache, mustRevalidate, proxyRevalidate } = policy.directives;
  return noCache || mustRevalidate || (rules.shared && proxyRevalidate);
}

/** §4.2, and §5.2.2.4: what must be validated before each reuse is never fresh. */
function isFresh(policy: ResponsePolicy, ages: Ages): boolean {
  return ages.freshForMs > 0 && !policy.directives.noCache;
}

function useStored(ages: Ages, reason: ReuseReason): ReuseDecision {
  return {
    kind: 'use-stored',
    reason,
    stale: ages.freshForMs <= 0,
    ageMs: ages.ageMs,
    freshForMs: ages.freshForMs,
  };
}

function validate(ages: Ages, reason: ForwardReason): ReuseDecision {
  return { kind: 'validate', reason, ageMs: ages.ageMs, freshForMs: ages.freshForMs };
}
