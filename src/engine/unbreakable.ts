import type { MaybePromise } from '../managers/manager.ts';
import { isPromise } from './maybe-promise.ts';

/** Does something, and something else in its stead when it throws or rejects: a fault of the cache must not become the caller's. */
export function unbreakable<T>(
  attempt: () => MaybePromise<T>,
  instead: (error: unknown) => T,
): MaybePromise<T> {
  try {
    const outcome = attempt();
    return isPromise(outcome) ? outcome.catch(instead) : outcome;
  } catch (error) {
    return instead(error);
  }
}
