import { wantsOnlyIfCached } from '../core/request-directives.ts';
import type { ForwardReason, ReuseReason } from '../core/reuse-decision.ts';
import { conditionalFields, hasConditional } from '../core/validation.ts';
import type { Asking } from './asking.ts';
import type { EngineContext } from './context.ts';
import type { LookUpAction } from './events.ts';
import type { FoundResponse } from './variants.ts';

/** Tells that a stored response answers, where anybody observes it. */
export function tellReuse(
  { events }: EngineContext,
  { request: { method, url } }: Asking,
  { key, reason }: { readonly key: string; readonly reason: ReuseReason },
): void {
  if (events.observed('lookup')) events.emit({ type: 'lookup', method, url, key, action: 'reuse', reason });
}

/** Tells that nothing stored answers as it is. */
export function tellMiss(
  { events }: EngineContext,
  asking: Asking,
  missed: { readonly selected: FoundResponse | undefined; readonly reason: ForwardReason },
): void {
  if (!events.observed('lookup')) return;
  const { request, primary: key, mode } = asking;
  const { method, url } = request;
  const action = missAction(asking, missed.selected);
  const reason = mode === 'reload' && action === 'forward' ? 'request' : missed.reason;
  events.emit({ type: 'lookup', method, url, key, action, reason });
}

function missAction({ request, mode }: Asking, selected: FoundResponse | undefined): LookUpAction {
  const { headers } = request;
  if (mode === 'only-if-cached' || wantsOnlyIfCached(headers)) return 'refuse';
  if (selected === undefined || mode === 'reload' || hasConditional(headers)) return 'forward';
  return conditionalFields(selected.stored.policy).length > 0 ? 'validate' : 'forward';
}

/** Tells that a request waits for another one. */
export function tellWait({ events }: EngineContext, { request, primary: key }: Asking): void {
  if (!events.observed('wait')) return;
  events.emit({ type: 'wait', method: request.method, url: request.url, key });
}
