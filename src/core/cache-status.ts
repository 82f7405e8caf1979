import { assertNever } from './assert-never.ts';

/** What this cache did with a request, as far as `Cache-Status` tells it. */
export interface CacheStatus {
  /** What became of the request. */
  readonly outcome: 'hit' | 'stale' | 'revalidated' | 'miss' | 'unsatisfiable' | 'bypass';
  /** Why: the word that goes with the outcome. */
  readonly reason: string;
  /** Why the origin was asked, where a stored response answers all the same: a word of RFC 9211 §2.2. Default: `stale`. */
  readonly forwardReason?: string;
  /** For how many milliseconds more the response is fresh; negative when it is stale. */
  readonly freshForMs: number | undefined;
  /** Whether the response went into the store, or was there already. */
  readonly stored: boolean;
  /** Whether the response came by another request (§2.6). */
  readonly collapsed: boolean;
  /** The status that the origin answered with, where it was asked. */
  readonly forwardStatus: number | undefined;
}

/** The reasons to forward a request that RFC 9211 §2.2 names. */
const forwardTokens: ReadonlySet<string> = new Set([
  'bypass',
  'method',
  'uri-miss',
  'vary-miss',
  'miss',
  'request',
  'stale',
]);

/** Reasons to answer from the store that say no more than the outcome does. */
const impliedReasons: ReadonlySet<string> = new Set(['fresh', 'validated']);

/** The member that this cache adds to `Cache-Status` (RFC 9211 §2). Always a valid structured field. */
export function cacheStatusValue(status: CacheStatus): string {
  const parameters = ['http-larder'];
  const handling = handlingParameter(status);
  if (handling !== undefined) parameters.push(handling);
  if (status.forwardStatus !== undefined) parameters.push(`fwd-status=${status.forwardStatus}`);
  // §2.4: `stored` is about responses that the origin sent.
  if ((status.outcome === 'miss' || status.outcome === 'bypass') && status.stored) parameters.push('stored');
  if (status.collapsed) parameters.push('collapsed');
  if (status.freshForMs !== undefined) parameters.push(`ttl=${structuredInteger(status.freshForMs / 1000)}`);
  if (!forwardTokens.has(status.reason) && !impliedReasons.has(status.reason)) {
    parameters.push(`detail=${structuredString(status.reason)}`);
  }
  return parameters.join('; ');
}

/** `hit` or `fwd` (§2.1, §2.2); neither where the cache made the answer. */
function handlingParameter({ outcome, reason, forwardReason = 'stale' }: CacheStatus): string | undefined {
  switch (outcome) {
    case 'hit':
      return 'hit';
    case 'stale':
      return reason === 'stale-if-error' || reason === 'disconnected' ? forwarded(forwardReason) : 'hit';
    case 'revalidated':
      return forwarded(forwardReason);
    case 'miss':
      return forwarded(reason);
    case 'bypass':
      return `fwd=${forwardTokens.has(reason) ? reason : 'bypass'}`;
    case 'unsatisfiable':
      return undefined;
    default:
      return assertNever(outcome);
  }
}

/** §2.2: `miss` is also for a cache that cannot tell what it holds. */
function forwarded(reason: string): string {
  return `fwd=${forwardTokens.has(reason) ? reason : 'miss'}`;
}

/** RFC 9651 §3.3.1: an integer of at most 15 digits. */
function structuredInteger(value: number): number {
  const limit = 999_999_999_999_999;
  return Math.max(-limit, Math.min(limit, Math.floor(value)));
}

/** RFC 9651 §3.3.3: a string has printable ASCII only. */
function structuredString(text: string): string {
  return `"${text.replaceAll(/[^\x20-\x7e]/g, '?').replaceAll(/["\\]/g, '\\$&')}"`;
}
