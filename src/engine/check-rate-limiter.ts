import { show } from './check-option.ts';
import type { RateLimiter } from './rate-limiter.ts';

/**
 * Checks that a value is a rate limiter, or absent.
 *
 * @throws TypeError naming the method that is missing.
 */
export function checkRateLimiter(value: RateLimiter | undefined): RateLimiter | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'object' || value === null) {
    throw new TypeError(
      `The option rateLimiter is ${show(value)}: give a rate limiter, such as new HostRateLimiter({ … })`,
    );
  }
  for (const method of ['acquire', 'answered'] as const) {
    if (typeof value[method] !== 'function') {
      throw new TypeError(
        `The option rateLimiter has no method ${method}(): a rate limiter has acquire and answered`,
      );
    }
  }
  return value;
}
