import { isError } from '../core/is-error.ts';
import type { StoredResponse } from '../managers/manager.ts';

/** Lets go of a stored response. What a manager throws at that changes nothing for anybody, and ends as a process warning. */
export function release(stored: StoredResponse | undefined): void {
  try {
    stored?.release();
  } catch (error) {
    process.emitWarning(isError(error) ? error : String(error));
  }
}
