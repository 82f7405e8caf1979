import { HttpCacheError } from '../../errors.ts';

/** How long one part of a body may take, in milliseconds. Look-ups are bounded by `managerTimeout`. */
const LIMIT_MS = 2000;

/** Gives up on an answer that does not come. */
export function within<T>(answer: Promise<T>, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(
        new HttpCacheError(
          'ERR_HTTP_CACHE_MANAGER_TIMEOUT',
          `Redis did not answer within ${LIMIT_MS} ms to ${what}: the response goes on without it`,
        ),
      );
    }, LIMIT_MS);
    answer.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
