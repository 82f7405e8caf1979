import type { CacheMode } from './cache-mode.ts';
import type { JsonValue } from './message.ts';

/**
 * A request field that a response's `Vary` names (RFC 9111 §4.1), with the value the response was selected by:
 * normalised, `null` where the request had none. Of a field that carries credentials it is a keyed digest.
 */
export type SelectingField = readonly [name: string, value: string | null];

/** Directives of a stored response that bind its reuse (RFC 9111 §5.2.2, RFC 5861, RFC 8246). */
export interface StoredDirectives {
  /** `no-cache` without field names: validate before each reuse. */
  readonly noCache: boolean;
  /** Names that `no-cache="…"` qualifies, in lower case. */
  readonly noCacheFields: readonly string[];
  /** `must-revalidate`. */
  readonly mustRevalidate: boolean;
  /** `proxy-revalidate`, or what implies it; it binds shared caches only. */
  readonly proxyRevalidate: boolean;
  /** `immutable`. */
  readonly immutable: boolean;
  /** `public`. */
  readonly public: boolean;
  /** `stale-while-revalidate` in milliseconds, 0 for none. */
  readonly staleWhileRevalidateMs: number;
  /** `stale-if-error` in milliseconds; `undefined` for none. */
  readonly staleIfErrorMs?: number;
}

/**
 * Where a stored response's freshness comes from (RFC 9111 §4.2.1, §4.2.2). Rules that an option changes
 * (`minTtl`, `maxTtl`, `defaultTtl`, `errorTtl`, `heuristic`) are applied when it is read, so that changing them needs no refetch.
 */
export type FreshnessSource =
  | {
      /** `s-maxage`, `max-age` or `Expires`. */
      readonly kind: 'explicit';
      /** The lifetime that it gives, in milliseconds. */
      readonly lifetimeMs: number;
    }
  | {
      /** Nothing explicit, but a `Last-Modified` and a status that allows a heuristic. */
      readonly kind: 'heuristic';
      /** From Last-Modified to Date, in milliseconds. */
      readonly sinceLastModifiedMs: number;
    }
  | {
      /** Neither: stale at once. */
      readonly kind: 'none';
    };

/** What is kept beside a stored response to decide about its reuse. Plain data: `JSON.parse(JSON.stringify(policy))` is equal to it. */
export interface ResponsePolicy {
  /** Version of this shape. */
  readonly v: 1;
  /** This policy belongs to a response. */
  readonly kind: 'response';
  /** Identity of this stored response, random; a freshened one keeps it. */
  readonly id: string;
  /** Method of the request that it answered. */
  readonly method: string;
  /** When the request was sent, in milliseconds since 1970. */
  readonly requestTime: number;
  /** When the response was received, in milliseconds since 1970. */
  readonly responseTime: number;
  /** The corrected initial age of RFC 9111 §4.2.3, in milliseconds. */
  readonly initialAgeMs: number;
  /** Where its freshness comes from. */
  readonly freshness: FreshnessSource;
  /** Its status, where that is one of an error, 400 to 599: the option `errorTtl` goes by it. */
  readonly errorStatus?: number;
  /** The directives that bind its reuse. */
  readonly directives: StoredDirectives;
  /** Its entity tag, as sent, if it has one and is of a status that a 304 can confirm. */
  readonly etag?: string;
  /** Its `Last-Modified`, as sent, if that is an HTTP-date and the status one that a 304 can confirm. */
  readonly lastModified?: string;
  /** The request fields that selected it. */
  readonly selecting: readonly SelectingField[];
  /** Keyed digest of the credentials that it is for; `null` when it may answer any request. */
  readonly credentials: string | null;
  /** Epoch of the index that it was stored under. */
  readonly epoch: string;
  /** When the target URI had last been invalidated as this was stored, in milliseconds since 1970; absent for never. */
  readonly invalidatedAt?: number;
  /** Since when it counts as stale whatever its freshness lifetime, in milliseconds since 1970; absent for none. */
  readonly staleSince?: number;
  /** The index's `staleSince` as this was stored or freshened, which does not hold for it; absent for none. */
  readonly indexStaleSince?: number;
  /** The groups that it is in; absent for none. */
  readonly groups?: readonly StoredGroup[];
  /** The number of the last mark on prefixes that was known as it was asked for; absent for none. */
  readonly marksSeen?: number;
  /** Whether a shared cache stored it: what a private cache stored is not for a shared one, and the other way round. */
  readonly shared?: true;
  /** The mode that `responseMode` gave it, where that makes it reusable as the header fields would not. */
  readonly mode?: CacheMode;
  /** Room for a later version's data; kept as it is. */
  readonly extra?: JsonValue;
}

/**
 * A group that a stored response is in: the key of its record, the record's epoch, which an invalidation of the group changes,
 * and the record's id, which marking the group as stale changes. Without its record, what is in a group is not used.
 */
export type StoredGroup = readonly [key: string, epoch: string, id: string];

/** All that is stored below a URL was invalidated, or marked as stale. */
export interface PrefixMark {
  /** Its place in the order of these marks, from 1. */
  readonly nth: number;
  /** What the primary keys begin with, see `isBelow`. */
  readonly prefix: string;
  /** When, in milliseconds since 1970. */
  readonly at: number;
  /** Whether it is only marked as stale. */
  readonly isStale: boolean;
}

/** One set of request fields that responses of a target URI were seen to vary by. */
export interface VariantSet {
  /** Field names in lower case, sorted; empty for none. */
  readonly names: readonly string[];
  /** Whether these responses are bound to credentials. */
  readonly credentialed: boolean;
}

/** A stored variant that a validation request may name by its entity tag (RFC 9111 §4.3.1). */
export interface VariantTag {
  /** Its strong entity tag. */
  readonly etag: string;
  /** The request fields that select it. */
  readonly selecting: readonly SelectingField[];
  /** Keyed digest of the credentials that it is for; `null` when it may answer any request. */
  readonly credentials: string | null;
}

/**
 * The entry at the primary key of a target URI that has several stored responses, or that was invalidated.
 * Each of its responses has a key of its own, made from the epoch and the selecting fields; a new epoch
 * therefore makes all of them unreachable at once.
 */
export interface IndexPolicy {
  /** Version of this shape. */
  readonly v: 1;
  /** This policy belongs to an index. */
  readonly kind: 'index';
  /** Identity of this revision of the index, random. */
  readonly id: string;
  /** Random name of the current generation of variants. */
  readonly epoch: string;
  /** When the target URI was last invalidated, in milliseconds since 1970; 0 for never. Requests sent before are not stored. */
  readonly invalidatedAt: number;
  /** How its responses vary, most recent first. */
  readonly sets: readonly VariantSet[];
  /** Those of its variants that have a strong entity tag, most recent first; absent for none. */
  readonly tags?: readonly VariantTag[];
  /** When its responses, or those of the group that this is the record of, were marked as stale; absent for never. */
  readonly staleSince?: number;
  /** In the record of prefixes: those that were invalidated or marked as stale, in order. */
  readonly prefixes?: readonly PrefixMark[];
}

/** What the engine keeps beside each entry. A cache manager stores it as JSON and looks into it no further. */
export type CachePolicy = ResponsePolicy | IndexPolicy;
