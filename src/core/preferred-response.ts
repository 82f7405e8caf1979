import { suffixName } from './cache-key.ts';
import { fieldValue } from './fields.ts';
import { parseHttpDate } from './http-date.ts';
import type { ResponseHead } from './message.ts';
import type { ResponsePolicy } from './policy-types.ts';

/** A stored response that a request matches. */
export interface MatchingResponse {
  readonly head: ResponseHead;
  readonly policy: ResponsePolicy;
}

/**
 * Whether of two stored responses that a request matches the first is the one to choose (RFC 9111 §4.1). Where it has
 * credentials, one that suits them, by being for them or `public`, before what a request without them got; then one that
 * was selected by request fields, as resources forget `Vary` where a request expresses no preference; then the more recent
 * by `Date` (§4), and of one second the one that came last.
 *
 * @param hasUser - Whether the request has credentials that responses may be bound to.
 */
export function isPreferred(first: MatchingResponse, second: MatchingResponse, hasUser: boolean): boolean {
  const byCredentials = hasUser ? Number(suitsUser(first)) - Number(suitsUser(second)) : 0;
  if (byCredentials !== 0) return byCredentials > 0;
  const areAlike = (first.policy.credentials === null) === (second.policy.credentials === null);
  const byFields = areAlike ? Number(isSelectedByFields(first)) - Number(isSelectedByFields(second)) : 0;
  if (byFields !== 0) return byFields > 0;
  const byDate = dateOf(first) - dateOf(second);
  return byDate === 0 ? first.policy.responseTime > second.policy.responseTime : byDate > 0;
}

function suitsUser({ policy }: MatchingResponse): boolean {
  return policy.credentials !== null || policy.directives.public;
}

function isSelectedByFields({ policy }: MatchingResponse): boolean {
  return policy.selecting.some(([name]) => name !== suffixName);
}

function dateOf({ head, policy }: MatchingResponse): number {
  const date = fieldValue(head.headers, 'date');
  const time = date === undefined ? undefined : parseHttpDate(date, policy.responseTime);
  return time ?? policy.responseTime;
}
