import { assertNever } from '../core/assert-never.ts';
import type { ForwardReason, ReuseReason } from '../core/reuse-decision.ts';
import type { StorageRefusal } from '../core/storage-decision.ts';
import type { BypassReason, CacheInfo } from './cache-info.ts';

/** Why a stored response answers, in words. */
export const reuseTexts: Readonly<Record<ReuseReason, string>> = {
  fresh: 'it is fresh (RFC 9111 §4.2)',
  forced: 'the mode takes it at any age',
  'max-stale': 'the request takes it that stale (RFC 9111 §5.2.1.2)',
  'stale-while-revalidate': 'it may be used while it is validated in the background (RFC 5861 §3)',
  validated: 'the origin confirmed it (RFC 9111 §4.3.4)',
  'stale-if-error': 'the origin answered with an error, and it may be used then (RFC 5861 §4)',
  disconnected: 'the origin could not be reached (RFC 9111 §4.2.4)',
};

/** Why the origin is asked, in words. */
export const forwardTexts: Readonly<Record<ForwardReason, string>> = {
  'uri-miss': 'nothing is stored for the target URI (RFC 9111 §4)',
  'vary-miss':
    'what is stored for the target URI is for other request fields, another body or other credentials (RFC 9111 §4.1)',
  miss: 'what is stored cannot be used for this request',
  request: 'the request or its mode asks for the origin (RFC 9111 §5.2.1)',
  stale: 'what is stored is stale, or must be validated (RFC 9111 §4.3)',
  fault: 'the store could not be asked; an error event tells why',
};

/** Why the cache stands aside, in words. */
export const bypassTexts: Readonly<Record<BypassReason, string>> = {
  method: 'the method is neither GET nor HEAD (RFC 9111 §2)',
  mode: 'the mode is no-store',
  disabled: 'the caller switched it off for this request',
  range: 'the Range field asks for more than one range of bytes (RFC 9110 §14.2)',
  body: 'it is a GET or HEAD with a body (RFC 9110 §9.3.1)',
  upgrade: 'it has an Upgrade or Expect field (RFC 9110 §7.8, §10.1.1)',
  override: 'a field gives another method or target URI than the request itself',
  seam: 'the client takes a way on which the cache cannot sit',
  fault: 'the cache, or a function given as an option, failed; an error event tells why',
};

/** Why a response is not stored, in words. */
export const refusalTexts: Readonly<Record<StorageRefusal, string>> = {
  method: 'responses to this method are not stored (RFC 9111 §3)',
  status: 'its status is not one that is stored without more (RFC 9111 §3, RFC 9110 §15.1)',
  'request-no-store': 'the request says no-store (RFC 9111 §5.2.1.5)',
  'response-no-store': 'the response says no-store (RFC 9111 §5.2.2.5)',
  private: 'it is private, and the cache is shared (RFC 9111 §5.2.2.7)',
  authorization: 'the request has Authorization, and the cache is shared (RFC 9111 §3.5)',
  vary: 'its Vary, or its key, matches no later request (RFC 9111 §4.1)',
  'not-reusable': 'it has neither a freshness lifetime nor a validator (RFC 9111 §3)',
  partial: 'it is a part of a response (RFC 9111 §3.3)',
  incomplete: 'its body is not complete (RFC 9111 §3.3)',
  'too-large': 'its body is larger than the manager keeps',
  mode: 'the mode, or responseMode, says so',
  invalidated: 'its target URI was invalidated meanwhile (RFC 9111 §4.4)',
  redirected: 'it is the answer for another URI',
  credentials: 'credentials were added that the cache had not seen',
  upgraded: 'it is interim, or an upgraded connection',
  declined: 'the option shouldStore says so',
  fault: 'a function given as an option, or the store, failed; an error event tells why',
};

/**
 * Says in one line what became of a request and why, with the sections of the RFCs.
 *
 * @example
 * ```ts
 * import axios from 'axios';
 * import { describeInfo } from 'http-larder';
 * import { installCache } from 'http-larder/axios';
 *
 * const api = axios.create();
 * installCache(api);
 * const { httpCache } = await api.get('https://example.com/');
 * // for example: hit: it is fresh (RFC 9111 §4.2), 12 s old, fresh for 48 s
 * if (httpCache) console.log(describeInfo(httpCache));
 * ```
 */
export function describeInfo(info: CacheInfo | undefined): string {
  if (info === undefined) return 'no cache had to do with it';
  const parts = [whyAnswered(info)];
  if (info.ageMs !== undefined) parts.push(`${seconds(info.ageMs)} old`);
  if (info.freshForMs !== undefined) parts.push(freshness(info.freshForMs));
  if (info.collapsed) parts.push('by another request for the same');
  const answer = `${info.outcome}: ${parts.join(', ')}`;
  if (info.notStored !== undefined) return `${answer}; not stored: ${refusalTexts[info.notStored]}`;
  return info.outcome === 'miss' && info.stored ? `${answer}; being stored` : answer;
}

function whyAnswered({ outcome, reason }: CacheInfo): string {
  switch (outcome) {
    case 'hit':
    case 'stale':
    case 'revalidated':
      return textOf(reuseTexts, reason);
    case 'miss':
    case 'unsatisfiable':
      return textOf(forwardTexts, reason);
    case 'bypass':
      return textOf(bypassTexts, reason);
    default:
      return assertNever(outcome);
  }
}

/** A word is looked up in the list that the outcome goes with. */
function textOf(texts: Readonly<Record<string, string>>, reason: string): string {
  return Object.hasOwn(texts, reason) ? (texts[reason] ?? reason) : reason;
}

function freshness(freshForMs: number): string {
  return freshForMs > 0 ? `fresh for ${seconds(freshForMs)}` : `stale for ${seconds(-freshForMs)}`;
}

function seconds(ms: number): string {
  return `${ms < 10_000 ? Number((ms / 1000).toFixed(1)) : Math.round(ms / 1000)} s`;
}
