/**
 * Waits for a promise, but not for ever: after `ms` milliseconds `expired` gives the value instead, and what comes later
 * goes to `late`. A rejection that comes in time is passed on; one that comes late is dropped.
 */
export function withDeadline<T, E>(
  promise: Promise<T>,
  options: {
    readonly ms: number;
    readonly expired: () => E;
    readonly late?: ((value: T) => void) | undefined;
  },
): Promise<T | E> {
  return new Promise((resolve, reject) => {
    let waiting = true;
    const timer = setTimeout(() => {
      waiting = false;
      resolve(options.expired());
    }, options.ms);
    promise.then(
      (value) => {
        clearTimeout(timer);
        if (waiting) resolve(value);
        else options.late?.(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        if (waiting) reject(error);
      },
    );
  });
}
