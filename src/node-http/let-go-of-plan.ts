import { assertNever } from '../core/assert-never.ts';
import type { Plan } from '../engine/exchange.ts';
import { isPromise } from '../engine/maybe-promise.ts';
import type { MaybePromise } from '../managers/manager.ts';

/** Lets go of an answer of the engine's that will not be followed. */
export function letGoOfPlan(plan: MaybePromise<Plan>): void {
  if (isPromise(plan)) {
    void plan.then(letGoOfPlan);
    return;
  }
  switch (plan.kind) {
    case 'stored':
      plan.delivery.release();
      break;
    case 'forward':
      plan.exchange.abandoned();
      break;
    case 'wait':
      plan.waiting.leave();
      // It may be known already, and then holds what it is about.
      void plan.waiting.plan.then(letGoOfPlan);
      break;
    default:
      assertNever(plan);
  }
}
