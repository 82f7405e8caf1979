import type { CacheMode } from '../core/cache-mode.ts';
import { isErrorOfItsUser } from '../core/error-lifetime.ts';
import type { ResponsePolicy } from '../core/policy-types.ts';
import type { CacheRules } from '../core/rules.ts';
import type { Selection } from './selection.ts';

/** The digest of the credentials that a response is bound to; `null` when it may answer any request. */
export function bindingCredentials(
  policy: Pick<ResponsePolicy, 'directives' | 'errorStatus'>,
  asked: { readonly mode: CacheMode; readonly selection: Selection; readonly rules: CacheRules },
): string | null {
  const { mode, selection, rules } = asked;
  // In a shared cache §3.5 says who may have a response; neither `ignore-rules` nor `errorTtl` listens to it.
  const isByTheRules = mode !== 'ignore-rules' && !isErrorOfItsUser(policy, rules);
  const isForAnybody = policy.directives.public || (rules.shared && isByTheRules);
  return isForAnybody ? null : (selection.credentials() ?? null);
}
