import { isError } from '../core/is-error.ts';

const hidden = new WeakSet<Error>();

/** Marks the error of a connection as one that the caller is not to hear of, since a stored response stands in. */
export function hideError(error: Error): void {
  hidden.add(error);
}

/**
 * Whether an error was hidden. axios listens to the connection itself, and destroys its request with the error that it
 * hears there.
 */
export function isHiddenError(error: unknown): boolean {
  return isError(error) && hidden.has(error);
}
