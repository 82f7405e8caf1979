import type { CacheMode } from '../core/cache-mode.ts';
import type { ResponsePolicy } from '../core/policy-types.ts';
import type { EngineContext } from './context.ts';
import type { Selection } from './selection.ts';

/** The digest of the credentials that a response is bound to; `null` when it may answer any request. */
export function bindingCredentials(
  { options }: EngineContext,
  { directives }: Pick<ResponsePolicy, 'directives'>,
  { mode, selection }: { readonly mode: CacheMode; readonly selection: Selection },
): string | null {
  // In a shared cache §3.5 says who may have a response, and `ignore-rules` does not listen to it.
  const isForAnybody = directives.public || (options.rules.shared && mode !== 'ignore-rules');
  return isForAnybody ? null : (selection.credentials() ?? null);
}
