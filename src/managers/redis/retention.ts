import { assertNever } from '../../core/assert-never.ts';
import type { CachePolicy, FreshnessSource, ResponsePolicy } from '../../core/policy-types.ts';

/** For how long what is stale is kept, in milliseconds. */
export interface Retention {
  /** What no request can validate. */
  readonly keepStale: number;
  /** What a 304 can make fresh again. */
  readonly keepValidatable: number;
}

const HOUR = 60 * 60 * 1000;

/** What ends at once is kept that long all the same: a clock may be a little off, and a directive be overridden. */
const LEAST = 60 * 1000;

/** What leads to other entries, or says what was invalidated, is prolonged when it is used; without it, they are a miss. */
const INDEX = 30 * 24 * HOUR;

/** The longest that is worth telling a server, which counts in 64 bits. */
const MOST = 10 * 365 * 24 * HOUR;

/**
 * For how many milliseconds from its storing on an entry can be of use: as long as it is fresh, then while it may be used stale
 * (RFC 9111 §4.2.4, RFC 5861), or can be validated (RFC 9111 §4.3).
 */
export function retentionMs(policy: CachePolicy, retention: Retention): number {
  if (policy.kind === 'index') return INDEX;
  const freshMs = Math.max(0, lifetimeMs(policy.freshness) - policy.initialAgeMs);
  return Math.ceil(Math.min(MOST, Math.max(LEAST, freshMs + staleMs(policy, retention))));
}

/** Whether what leads to other entries was written so long ago that it is to be prolonged. */
export function isHalfOver(policy: CachePolicy, at: number): boolean {
  return policy.kind === 'index' && Date.now() - at > INDEX / 2;
}

function staleMs(policy: ResponsePolicy, { keepStale, keepValidatable }: Retention): number {
  const { directives, etag, lastModified, mode } = policy;
  // A mode that the response was given makes it reusable for longer than its fields say.
  if (etag !== undefined || lastModified !== undefined || mode !== undefined) {
    return Math.max(keepValidatable, keepStale);
  }
  if (directives.mustRevalidate || directives.noCache) return 0;
  return Math.max(keepStale, directives.staleWhileRevalidateMs, directives.staleIfErrorMs ?? 0);
}

function lifetimeMs(freshness: FreshnessSource): number {
  switch (freshness.kind) {
    case 'explicit':
      return freshness.lifetimeMs;
    case 'heuristic':
      // At most the tenth of it is used, unless an option says more.
      return Math.min(freshness.sinceLastModifiedMs, 24 * HOUR);
    case 'none':
      return 0;
    default:
      return assertNever(freshness);
  }
}
