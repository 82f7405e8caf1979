import type { ResponsePolicy } from './policy-types.ts';
import type { CacheRules } from './rules.ts';

/** Whether a status is one of an error (RFC 9110 §15.5, §15.6). */
export function isErrorStatus(status: number): boolean {
  return status >= 400 && status < 600;
}

/** What the rules give an error answer as its freshness lifetime, in milliseconds; `undefined` for what they give none. */
export function errorLifetimeMs(
  { errorStatus }: Pick<ResponsePolicy, 'errorStatus'>,
  { errorTtl }: Pick<CacheRules, 'errorTtl'>,
): number | undefined {
  if (errorStatus === undefined || errorTtl === undefined) return undefined;
  if (typeof errorTtl === 'number') return errorTtl;
  return errorTtl[String(errorStatus)] ?? errorTtl[`${String(errorStatus).charAt(0)}xx`];
}

/**
 * Whether a response is an error that says something of who asked, such as 401, 403, or 404 for what is hidden, and that
 * `errorTtl` is about: nothing in HTTP lets it answer other users then, nor somebody who has credentials by now.
 */
export function isErrorOfItsUser(
  policy: Pick<ResponsePolicy, 'errorStatus' | 'directives'>,
  rules: Pick<CacheRules, 'errorTtl'>,
): boolean {
  const { errorStatus, directives } = policy;
  if (errorStatus === undefined || errorStatus >= 500 || directives.public) return false;
  return errorLifetimeMs(policy, rules) !== undefined;
}
