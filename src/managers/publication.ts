import { isPromise } from './and-then.ts';
import type { CommitOptions } from './manager.ts';

/**
 * Asks the guard of a commit. A guard that answers at once is not waited for, so that nothing can come between its
 * answer and a publication that follows in the same turn.
 */
export function mayPublish(options: CommitOptions | undefined): boolean | Promise<boolean> {
  const answer = options?.onlyIf?.() ?? true;
  return isPromise(answer) ? answer.then((allowed) => allowed === true) : answer === true;
}
