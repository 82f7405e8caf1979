import type { Directives } from './cache-control.ts';
import type { CacheMode } from './cache-mode.ts';
import { describesTarget } from './describes-target.ts';
import { errorLifetimeMs, isErrorStatus } from './error-lifetime.ts';
import { hasField } from './fields.ts';
import { freshnessLifetimeMs } from './freshness.ts';
import type { RequestHead, ResponseHead } from './message.ts';
import type { ResponsePolicy } from './policy-types.ts';
import { requestDirectives } from './request-directives.ts';
import { forbidsStale } from './reuse-decision.ts';
import { forbidsStorage, responseDirectives } from './response-directives.ts';
import type { CacheRules } from './rules.ts';
import { isHeuristicallyCacheable, isNeverStored, isUnderstoodStatus } from './status.ts';
import { varyNames } from './vary.ts';

/** Why a response is not stored. A closed list:
 *
 * - `method`, `status`: not one that the cache understands (RFC 9111 §3).
 * - `request-no-store`, `response-no-store`: `no-store`.
 * - `private`: `private` in a shared cache.
 * - `authorization`: Authorization in a shared cache (RFC 9111 §3.5).
 * - `vary`: `Vary: *`, a `Vary` too long to keep, or one that names, as `cacheKey` may, a field which was added below the cache.
 * - `not-reusable`: it has neither freshness nor a validator that a 304 could confirm, so it could never be used.
 * - `partial`: a 206, or a 416 or a response with `Content-Range` to a range request.
 * - `incomplete`: its length is already known to be wrong.
 * - `too-large`: larger than the manager keeps.
 * - `mode`: the mode, or `responseMode`, says so.
 * - `invalidated`: the target URI was invalidated while the request was under way.
 * - `redirected`: the client's own transport answered for another URI.
 * - `credentials`: the request went out with credentials that were added below the cache.
 * - `upgraded`: a 1xx or an upgraded connection.
 * - `declined`: the option `shouldStore` says so.
 * - `fault`: a function given as an option failed, or the store did.
 */
export type StorageRefusal =
  | 'method'
  | 'status'
  | 'request-no-store'
  | 'response-no-store'
  | 'private'
  | 'authorization'
  | 'vary'
  | 'not-reusable'
  | 'partial'
  | 'incomplete'
  | 'too-large'
  | 'mode'
  | 'invalidated'
  | 'redirected'
  | 'credentials'
  | 'upgraded'
  | 'declined'
  | 'fault';

/** What the decision about storing a response depends on. */
export interface StorageInput {
  /** The request as sent. */
  readonly request: RequestHead;
  /** Whether it is for requests with the same method and body. */
  readonly byBody?: boolean;
  /** The response as received. */
  readonly response: ResponseHead;
  /** The mode that holds. */
  readonly mode: CacheMode;
  /** The rules of the cache. */
  readonly rules: CacheRules;
  /** Gives the policy that would be stored with it. Asked only where directives and status leave it open. */
  readonly policy: () => ResponsePolicy;
}

/** Whether a response is stored, and if not, why. */
export type StorageDecision =
  /** It may be stored, as far as its head tells. */
  | { readonly kind: 'store' }
  /** It is only passed on. */
  | { readonly kind: 'do-not-store'; readonly reason: StorageRefusal };

/** Decides whether a response may be stored (RFC 9111 §3). A response to HEAD is stored for HEAD only, one to POST for GET. */
export function decideStorage(input: StorageInput): StorageDecision {
  const reason = refusal(input);
  return reason === undefined ? { kind: 'store' } : { kind: 'do-not-store', reason };
}

function refusal(input: StorageInput): StorageRefusal | undefined {
  const { request, response, mode } = input;
  if (mode === 'no-store' || mode === 'only-if-cached') return 'mode';
  if (!answersGetOrHead(input)) return 'method';
  if (response.status < 200) return 'upgraded';
  if (isPartial(request, response)) return 'partial';
  if (input.rules.isRecord === true) return isOfOneRequest(response) ? 'status' : undefined;
  if (mode === 'ignore-rules') return isStoredRegardless(input) ? undefined : 'status';
  return (
    directiveRefusal(input, responseDirectives(response.headers, input.rules)) ??
    (isUsable(input) ? undefined : 'not-reusable')
  );
}

/**
 * §3.3: parts are not combined here, so none is kept under the whole's key. An origin that does not take a `Range` up
 * answers as if it were not there (RFC 9110 §14.2), with a whole that is kept like any other; 416 does take it up. A
 * `Content-Range` means nothing beside other statuses (§14.4), but in an answer to a `Range` it may well be meant.
 */
function isPartial(request: RequestHead, { status, headers }: ResponseHead): boolean {
  if (status === 206) return true;
  return hasField(request.headers, 'range') && (status === 416 || hasField(headers, 'content-range'));
}

/** Whether a GET or HEAD could get it: of the answers to other methods only those to POST that say so (RFC 9110 §9.3.3). */
function answersGetOrHead({ request, response, policy, byBody }: StorageInput): boolean {
  if (request.method === 'GET' || request.method === 'HEAD' || byBody === true) return true;
  return describesTarget(request, response) && policy().freshness.kind === 'explicit';
}

/** The conditions of §3, in its order. */
function directiveRefusal(input: StorageInput, directives: Directives): StorageRefusal | undefined {
  const { request, response, rules } = input;
  const { status } = response;
  if (status === 304 || isNeverStored(status)) return 'status';
  if (directives.mustUnderstand && !isUnderstoodStatus(status)) return 'status';
  if (forbidsStorage(directives, status)) return 'response-no-store';
  if (rules.shared && directives.private) return 'private';
  // §5.2.1.5, behind what the response says of itself, which a 304 says of what is stored.
  if (requestDirectives(request.headers)?.noStore === true) return 'request-no-store';
  if (rules.shared && hasField(request.headers, 'authorization') && !allowsAuthorization(directives)) {
    return 'authorization';
  }
  // §4.1: it would match no request.
  if (varyNames(response.headers) === '*') return 'vary';
  return isMarkedCacheable(input, directives) ? undefined : 'status';
}

/** §3.5: what lets a shared cache store a response to a request with Authorization. */
function allowsAuthorization(directives: Directives): boolean {
  return directives.mustRevalidate || directives.public || directives.sMaxAgeSeconds !== undefined;
}

/** §3, last condition: explicit freshness, an explicit permission, or a status that needs none, here by `errorTtl` too. */
function isMarkedCacheable({ response, rules, policy }: StorageInput, directives: Directives): boolean {
  return (
    directives.public ||
    (directives.private && !rules.shared) ||
    isHeuristicallyCacheable(response.status) ||
    policy().freshness.kind === 'explicit' ||
    hasErrorLifetime(policy(), rules)
  );
}

/** Whether it answers the condition of one request (RFC 9110 §15.4.5, §15.5.13). */
function isOfOneRequest({ status }: ResponseHead): boolean {
  return status === 304 || status === 412;
}

/** A 200, or an error that `errorTtl` gives a lifetime; but none that answers this request alone. */
function isStoredRegardless({ response: { status }, rules, policy }: StorageInput): boolean {
  if (status === 200) return true;
  return isErrorStatus(status) && !isNeverStored(status) && hasErrorLifetime(policy(), rules);
}

function hasErrorLifetime(policy: ResponsePolicy, rules: CacheRules): boolean {
  return (errorLifetimeMs(policy, rules) ?? 0) > 0;
}

/** Whether anything could ever be answered with it: while it is fresh, once it is validated, or stale as it allows. */
function isUsable({ mode, policy: makePolicy, rules }: StorageInput): boolean {
  if (mode === 'force-cache') return true;
  const policy = makePolicy();
  if (policy.etag !== undefined || policy.lastModified !== undefined) return true;
  if (policy.directives.noCache) return false;
  const lifetimeMs = freshnessLifetimeMs(policy, rules);
  if (lifetimeMs > policy.initialAgeMs) return true;
  if (forbidsStale(policy, rules)) return false;
  // What had a lifetime may answer a request with max-stale (§5.2.1.2), or stand in for an origin out of reach (§4.2.4).
  const { staleWhileRevalidateMs, staleIfErrorMs = 0 } = policy.directives;
  return lifetimeMs > 0 || staleWhileRevalidateMs > 0 || staleIfErrorMs > 0;
}
