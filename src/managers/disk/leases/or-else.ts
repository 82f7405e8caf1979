import { isPromise } from '../../and-then.ts';
import type { MaybePromise } from '../../manager.ts';

/** Does something, and something else when it throws or rejects. */
export function orElse<T>(
  attempt: () => MaybePromise<T>,
  instead: (error: unknown) => MaybePromise<T>,
): MaybePromise<T> {
  try {
    const outcome = attempt();
    return isPromise(outcome) ? outcome.catch(instead) : outcome;
  } catch (error) {
    return instead(error);
  }
}
