import { primaryOf } from '../../core/cache-key.ts';
import { currentAgeMs, freshnessLifetimeMs } from '../../core/freshness.ts';
import type { HttpResponseHead } from '../../core/message.ts';
import type { ResponsePolicy } from '../../core/policy-types.ts';
import { decideReuse } from '../../core/reuse-decision.ts';
import { resolveOptions } from '../../engine/options.ts';
import type { CacheEntrySummary } from '../../managers/manager.ts';
import { MemoryManager } from '../../managers/memory/memory-manager.ts';
import type { CacheRules } from '../../core/rules.ts';

/**
 * What a request without directives of its own would meet. A closed list:
 *
 * - `fresh`: it is fresh, and answers.
 * - `stale`: it is stale.
 * - `no-cache`: it is not stale, but must be validated before each reuse.
 * - `invalidated`: its target URI was invalidated since it was stored. Nothing finds it any more; it waits for its eviction.
 */
export type Freshness = 'fresh' | 'stale' | 'no-cache' | 'invalidated';

/** A stored response as the commands see it. Times are milliseconds. */
export interface StoredEntry {
  /** The key it is stored under. */
  readonly cacheKey: string;
  /** The key of all that is stored for its target URI: that URI, unless the option `cacheKey` gave another. */
  readonly primary: string;
  /** The stored head. */
  readonly head: HttpResponseHead;
  /** The stored policy. */
  readonly policy: ResponsePolicy;
  /** Length of the body in bytes. */
  readonly size: number;
  /** Its current age (RFC 9111 §4.2.3). */
  readonly ageMs: number;
  /** Its freshness lifetime (RFC 9111 §4.2.1). */
  readonly lifetimeMs: number;
  /** For how long it is fresh yet; negative since it is stale. */
  readonly freshForMs: number;
  /** What of that holds. */
  readonly freshness: Freshness;
}

/** What the options of a cache are unless somebody gives others: the folder does not tell those. */
const privateRules: CacheRules = defaultRules(false);
const sharedRules: CacheRules = defaultRules(true);

/** Judges a stored response, for a time in milliseconds since 1970. */
export function judgeEntry(
  { cacheKey, head, size }: CacheEntrySummary,
  { policy, isInvalidated, now }: Judged,
): StoredEntry {
  const rules = policy.shared === true ? sharedRules : privateRules;
  const ageMs = currentAgeMs(policy, now);
  const lifetimeMs = freshnessLifetimeMs(policy, rules);
  const request = { method: policy.method, url: head.url, headers: [] };
  const decision = decideReuse({ policy, request, mode: 'default', rules, now });
  const isFresh = decision.kind === 'use-stored' && decision.reason === 'fresh';
  const isStale = lifetimeMs <= ageMs;
  return {
    cacheKey,
    primary: primaryOf(cacheKey),
    head,
    policy,
    size,
    ageMs,
    lifetimeMs,
    freshForMs: lifetimeMs - ageMs,
    freshness: isInvalidated ? 'invalidated' : isFresh ? 'fresh' : isStale ? 'stale' : 'no-cache',
  };
}

/** What an entry is judged by. */
interface Judged {
  readonly policy: ResponsePolicy;
  /** Whether nothing leads to it any more. */
  readonly isInvalidated: boolean;
  readonly now: number;
}

function defaultRules(shared: boolean): CacheRules {
  return resolveOptions({ shared }, () => new MemoryManager()).rules;
}
