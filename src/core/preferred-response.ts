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
 * Whether of two stored responses that a request matches the first is the one to choose (RFC 9111 §4.1): one that suits
 * the request's credentials, by being for them or `public`, before what a request without them got; then one that was selected by request fields, as resources forget `Vary` where a
 * request expresses no preference; then the more recent by `Date` (§4), and of one second the one that came last.
 */
export function isPreferred(first: MatchingResponse, second: MatchingResponse): boolean {
  const byCredentials = Number(suitsUser(first)) - Number(suitsUser(second));
  if (byCredentials !== 0) return byCredentials > 0;
  const byFields = Number(isSelectedByFields(first)) - Number(isSelectedByFields(second));
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
