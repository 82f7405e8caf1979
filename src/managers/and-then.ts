import type { MaybePromise } from './manager.ts';

/** Goes on with a value: in the same turn when it is at hand, after the wait when it is promised. */
export function andThen<T, U>(value: MaybePromise<T>, next: (value: T) => MaybePromise<U>): MaybePromise<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}
