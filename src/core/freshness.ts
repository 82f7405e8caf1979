import { assertNever } from './assert-never.ts';
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
  return rules.maxTtl === undefined ? lifetimeMs : Math.min(lifetimeMs, rules.maxTtl);
}

function unlimitedLifetimeMs(policy: ResponsePolicy, rules: CacheRules): number {
  const { freshness } = policy;
  switch (freshness.kind) {
    case 'explicit':
      return Math.max(freshness.lifetimeMs, rules.minTtl ?? 0);
    case 'heuristic':
      if (rules.heuristic === false) return rules.defaultTtl ?? 0;
      return Math.min(freshness.sinceLastModifiedMs * rules.heuristic, longestHeuristicMs);
    case 'none':
      return rules.defaultTtl ?? 0;
    default:
      return assertNever(freshness);
  }
}
