/** How long error answers are fresh, in milliseconds: all of them, or by status (`404`) or class (`5xx`). */
export type ErrorLifetimes = number | Readonly<Record<string, number>>;

/** The options of a cache that its decisions depend on. Times are milliseconds. */
export interface CacheRules {
  /** Whether many users are served (RFC 9111 §1): then `s-maxage`, `private` and §3.5 bind. */
  readonly shared: boolean;
  /** Part of the time since Last-Modified that counts as fresh (RFC 9111 §4.2.2), at most 24 h; `false` for none. */
  readonly heuristic: number | false;
  /** Shortest freshness lifetime of what has an explicit one. */
  readonly minTtl: number | undefined;
  /** Longest freshness lifetime of anything. */
  readonly maxTtl: number | undefined;
  /** Freshness lifetime of what has neither an explicit nor a heuristic one. */
  readonly defaultTtl: number | undefined;
  /** Freshness lifetime of error answers that have no explicit one, in place of a heuristic one and of `defaultTtl`. */
  readonly errorTtl: ErrorLifetimes | undefined;
  /** How long past its freshness a response may answer when the origin cannot be reached; 0 for never. */
  readonly maxStaleIfDisconnected: number;
  /** What becomes of `Set-Cookie`: `auto` keeps it in a private cache, and in a shared one where `public` or `s-maxage` is given. */
  readonly setCookie: 'auto' | 'keep' | 'drop';
  /** The target list of RFC 9213 §2.2: names of fields that hold in place of `Cache-Control`, in lower case, first to last. */
  readonly targetedCacheControl: readonly string[];
  /** Whether a fresh response marked `immutable` answers a request that is a reload (RFC 8246). */
  readonly immutable: boolean;
  /** Whether what is stored is a record of what origins answer, which stands in for them: see `CacheManager.isRecord`. */
  readonly isRecord?: boolean;
}
