import { isError } from '../core/is-error.ts';

/** The error with which Node ends a message whose connection went away. */
export function connectionReset(message: 'aborted' | 'socket hang up'): Error {
  return Object.assign(new Error(message), { code: 'ECONNRESET' });
}

/** The error with which Node answers who uses a stream that was destroyed. */
export function streamDestroyed(method: string): Error {
  return Object.assign(new Error(`Cannot call ${method} after a stream was destroyed`), {
    code: 'ERR_STREAM_DESTROYED',
  });
}

/** What was thrown, as something that an `error` event can carry. */
export function asError(thrown: unknown): Error {
  return isError(thrown) ? thrown : new Error(String(thrown));
}
