import type { CacheMode } from '../core/cache-mode.ts';
import { isErrorOfItsUser } from '../core/error-lifetime.ts';
import type { ResponsePolicy } from '../core/policy-types.ts';
import { requestDirectives } from '../core/request-directives.ts';
import { decideReuse, type ReuseDecision } from '../core/reuse-decision.ts';
import type { CacheRules } from '../core/rules.ts';
import type { EngineContext } from './context.ts';
import type { CacheableRequest } from './exchange.ts';
import type { Selection } from './selection.ts';

/** A request to be looked up. */
export interface Asking {
  readonly request: CacheableRequest;
  readonly mode: CacheMode;
  /** Whether the caller named the mode for this request, so that `responseMode` has no say. */
  readonly modeGiven: boolean;
  /** The primary key of its target URI. */
  readonly primary: string;
  readonly selection: Selection;
  /** The rules that hold for it. */
  readonly rules: CacheRules;
}

/** Whether a response with this policy answers a request that it was selected for. */
export function decideFor(
  context: EngineContext,
  { request, mode, modeGiven, rules, selection }: Omit<Asking, 'primary'>,
  policy: ResponsePolicy,
): ReuseDecision {
  if (rules.isRecord !== true) {
    if (mode === 'reload') return { kind: 'forward', reason: 'request' };
    const isOfNobody = policy.credentials === null && isErrorOfItsUser(policy, rules);
    if (isOfNobody && selection.hasCredentials()) return { kind: 'forward', reason: 'vary-miss' };
  }
  // What `responseMode` said of the response is the last to be heard: behind the caller's mode and directives.
  const isOpen = mode === 'default' && !modeGiven && requestDirectives(request.headers) === undefined;
  return decideReuse({
    policy,
    request,
    mode: isOpen ? (policy.mode ?? mode) : mode,
    rules,
    now: context.now(),
  });
}
