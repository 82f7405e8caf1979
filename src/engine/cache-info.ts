import type { CacheMode } from '../core/cache-mode.ts';
import type { JsonValue } from '../core/message.ts';
import type { ForwardReason, ReuseReason } from '../core/reuse-decision.ts';
import type { StorageRefusal } from '../core/storage-decision.ts';

/**
 * What became of a request. A closed list:
 *
 * - `hit`: answered from the store, fresh (or forced by the mode).
 * - `stale`: answered from the store, past its freshness: because a directive allows it, or the origin failed.
 * - `revalidated`: the origin confirmed the stored response with a 304, and that was the answer.
 * - `miss`: the origin answered.
 * - `unsatisfiable`: nothing usable was stored and the request forbids asking: a 504 made by the cache.
 * - `bypass`: the cache stood aside.
 */
export type CacheOutcome = 'hit' | 'stale' | 'revalidated' | 'miss' | 'unsatisfiable' | 'bypass';

/** Why the cache stood aside. A closed list:
 *
 * - `method`: neither GET nor HEAD.
 * - `mode`: the mode is `no-store`.
 * - `disabled`: the request said `httpCache: false`.
 * - `range`: a `Range` field that asks for anything but one range of bytes.
 * - `body`: a GET or HEAD with a body.
 * - `upgrade`: the request asks for another protocol or for `100-continue`.
 * - `override`: a field such as `X-HTTP-Method-Override` or `X-Original-URL` gives another method or target URI.
 * - `seam`: the client takes a way on which the cache cannot sit (a function adapter, axios over HTTP/2 or fetch, or with
 *   cookies from a `jar`).
 * - `fault`: the cache failed in a way that it could not mend; see the `error` event.
 */
export type BypassReason =
  'method' | 'mode' | 'disabled' | 'range' | 'body' | 'upgrade' | 'override' | 'seam' | 'fault';

/** What the cache did with one request. */
export interface CacheInfo {
  /** What became of the request. */
  readonly outcome: CacheOutcome;
  /** Why: in the terms of RFC 9211 where the origin was asked. */
  readonly reason: ReuseReason | ForwardReason | BypassReason;
  /** The cache key; `undefined` when the cache stood aside before it made one. */
  readonly key: string | undefined;
  /** The mode that held. */
  readonly mode: CacheMode;
  /** Current age of the response in milliseconds (RFC 9111 §4.2.3). */
  readonly ageMs: number | undefined;
  /** For how many milliseconds more it is fresh; negative when it is stale. */
  readonly freshForMs: number | undefined;
  /** Whether the response went, or is on its way, into the store. */
  readonly stored: boolean;
  /** Why it is not stored, where the origin answered and it is not. */
  readonly notStored: StorageRefusal | undefined;
  /** Whether the origin was asked with a condition of ours. */
  readonly revalidated: boolean;
  /** The status that the origin answered with, where it was asked. */
  readonly forwardStatus: number | undefined;
  /** Whether the response came by another request for the same, so that one request to the origin answered both (RFC 9211 §2.6). */
  readonly collapsed: boolean;
  /** What the option `metadata` gave when the response was stored. */
  readonly metadata: JsonValue | undefined;
}

/** What is to be said of a request that no stored response and none that is stored has to do with. */
export function infoWithoutResponse(
  what: Pick<CacheInfo, 'outcome' | 'reason' | 'key' | 'mode'>,
  forwardStatus?: number,
): CacheInfo {
  // Written out: a spread is slow here.
  return {
    outcome: what.outcome,
    reason: what.reason,
    key: what.key,
    mode: what.mode,
    ageMs: undefined,
    freshForMs: undefined,
    stored: false,
    notStored: undefined,
    revalidated: false,
    forwardStatus,
    collapsed: false,
    metadata: undefined,
  };
}
