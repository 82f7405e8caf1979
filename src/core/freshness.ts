import { assertNever } from './assert-never.ts';
import { errorLifetimeMs } from './error-lifetime.ts';
import type { ResponsePolicy } from './policy-types.ts';
import type { CacheRules } from './rules.ts';

const longestHeuristicMs = 24 * 60 * 60 * 1000;

/**
 * The current age of a stored response in milliseconds (RFC 9111 §4.2.3). A clock that was set back makes nothing
 * younger than it was when it came.
 *
 * @param now - Milliseconds since 1970.
 */
export function currentAgeMs(policy: ResponsePolicy, now: number): number {
  return policy.initialAgeMs + Math.max(0, now - policy.responseTime);
}

/** The freshness lifetime of a stored response in milliseconds (RFC 9111 §4.2.1), with the options of the cache applied. */
export function freshnessLifetimeMs(policy: ResponsePolicy, rules: CacheRules): number {
  const lifetimeMs = unlimitedLifetimeMs(policy, rules);
  const limitedMs = rules.maxTtl === undefined ? lifetimeMs : Math.min(lifetimeMs, rules.maxTtl);
  // Marked as stale, its lifetime was over then.
  return policy.staleSince === undefined
    ? limitedMs
    : Math.min(limitedMs, currentAgeMs(policy, policy.staleSince));
}

function unlimitedLifetimeMs(policy: ResponsePolicy, rules: CacheRules): number {
  const { freshness } = policy;
  switch (freshness.kind) {
    case 'explicit':
      return Math.max(freshness.lifetimeMs, rules.minTtl ?? 0);
    case 'heuristic':
      return errorLifetimeMs(policy, rules) ?? heuristicLifetimeMs(freshness.sinceLastModifiedMs, rules);
    case 'none':
      return errorLifetimeMs(policy, rules) ?? rules.defaultTtl ?? 0;
    default:
      return assertNever(freshness);
  }
}

function heuristicLifetimeMs(sinceLastModifiedMs: number, { heuristic, defaultTtl }: CacheRules): number {
  if (heuristic === false) return defaultTtl ?? 0;
  return Math.min(sinceLastModifiedMs * heuristic, longestHeuristicMs);
}

/**
 * Whether a stored response is too old for the mode `ignore-rules`: marked as stale, older than `maxTtl`, or an error as old as `errorTtl` says,
 * or where that says nothing, no longer fresh.
 */
export function isOldRegardless(policy: ResponsePolicy, rules: CacheRules, ageMs: number): boolean {
  if (policy.staleSince !== undefined || ageMs > (rules.maxTtl ?? Infinity)) return true;
  if (policy.errorStatus === undefined) return false;
  return ageMs >= (errorLifetimeMs(policy, rules) ?? freshnessLifetimeMs(policy, rules));
}
