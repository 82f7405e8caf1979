import type { RequestHead } from '../core/message.ts';
import type { CacheRules } from '../core/rules.ts';
import type { EngineContext } from './context.ts';

/** The rules that hold for a request: of the option `rules` the first that matches; `undefined` when asking it failed. */
export function rulesFor(context: EngineContext, request: RequestHead): CacheRules | undefined {
  const { rules, rulesByRequest } = context.options;
  if (rulesByRequest.length === 0) return rules;
  return context.callback(
    'rules',
    () => rulesByRequest.find(({ matches }) => matches(request))?.rules ?? rules,
  );
}
