import { isError } from '../core/is-error.ts';

/** What a thrown value says. */
export function errorText(error: unknown): string {
  return isError(error) ? error.message : String(error);
}
