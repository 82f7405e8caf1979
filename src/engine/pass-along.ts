import type { Asking } from './asking.ts';
import { infoWithoutResponse } from './cache-info.ts';
import type { EngineContext } from './context.ts';
import type { Plan } from './exchange.ts';
import { PassingExchange } from './passing-exchange.ts';

/** Has a request asked for past the cache, which failed at `operation`. */
export function passAlong(
  context: EngineContext,
  { request, mode, primary }: Asking,
  fault: { readonly operation: string; readonly error: unknown },
): Plan {
  context.fault(fault.operation, fault.error);
  const info = infoWithoutResponse({ outcome: 'bypass', reason: 'fault', key: primary, mode });
  return { kind: 'forward', setFields: [], exchange: new PassingExchange(context, request, info) };
}
