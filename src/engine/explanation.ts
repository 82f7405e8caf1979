import type { CacheMode } from '../core/cache-mode.ts';
import type { FreshnessSource, StoredDirectives, VariantSet } from '../core/policy-types.ts';
import type { ForwardReason, ReuseReason } from '../core/reuse-decision.ts';
import type { BypassReason } from './cache-info.ts';

/**
 * What the cache would do with a request. A closed list:
 *
 * - `reuse`: answer from the store.
 * - `validate`: ask the origin whether what is stored still holds.
 * - `forward`: ask the origin for a response.
 * - `refuse`: answer 504, as nothing usable is stored and the request forbids to ask.
 * - `bypass`: stand aside.
 */
export type ExplainedAction = 'reuse' | 'validate' | 'forward' | 'refuse' | 'bypass';

/** The stored response that an {@link Explanation} is about. Times are milliseconds. */
export interface ExplainedResponse {
  /** Its status code. */
  readonly status: number;
  /** Its target URI. */
  readonly url: string;
  /** When it was received, or last confirmed, in milliseconds since 1970. */
  readonly receivedAt: number;
  /** Its current age (RFC 9111 §4.2.3). */
  readonly ageMs: number;
  /** Its freshness lifetime (RFC 9111 §4.2.1), with the options of the cache applied. */
  readonly lifetimeMs: number;
  /** Where its freshness lifetime comes from. */
  readonly freshness: FreshnessSource;
  /** The directives that bind its reuse. */
  readonly directives: StoredDirectives;
  /** Its entity tag, if it has one that a 304 can confirm. */
  readonly etag: string | undefined;
  /** Its `Last-Modified`, if it has one that a 304 can confirm. */
  readonly lastModified: string | undefined;
  /** The request fields that it was selected by, in lower case. */
  readonly varies: readonly string[];
  /** Length of its body in bytes. */
  readonly size: number;
}

/** What the cache would do with a request now, and why; what `cache.explain(request)` gives. */
export interface Explanation {
  /** What would be done. */
  readonly action: ExplainedAction;
  /** Why, in the words of `CacheInfo`. */
  readonly reason: ReuseReason | ForwardReason | BypassReason;
  /** All of it in one sentence, with the sections of the RFCs. */
  readonly text: string;
  /** The mode that holds. */
  readonly mode: CacheMode;
  /** The cache key; `undefined` where the cache stands aside before it makes one. */
  readonly key: string | undefined;
  /** The stored response that would be reused, validated or replaced; `undefined` where none is stored for this request. */
  readonly stored: ExplainedResponse | undefined;
  /**
   * By which request fields responses of the target URI are told apart, and whether by credentials: where the request has
   * other values for them, what is stored is not for it. Empty where nothing is.
   */
  readonly variants: readonly VariantSet[];
}
