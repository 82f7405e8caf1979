import { checkDuration, checkKnown, checkObject, show } from '../engine/check-option.ts';
import type { RateLimit } from './allowance.ts';

/**
 * Checks a limit.
 *
 * @throws TypeError or RangeError naming the option, the value and the remedy.
 */
export function checkLimit(limit: RateLimit, name: string): RateLimit {
  checkObject(limit, name);
  checkKnown(limit, ['requests', 'intervalMs', 'concurrent'], name);
  const { requests, intervalMs, concurrent } = limit;
  checkCount(requests, `${name}.requests`);
  checkCount(concurrent, `${name}.concurrent`);
  checkDuration(intervalMs, `${name}.intervalMs`);
  if ((requests === undefined) !== (intervalMs === undefined)) {
    const missing = requests === undefined ? 'requests' : 'intervalMs';
    throw new TypeError(`The option ${name} has no ${missing}: give requests and intervalMs, or neither`);
  }
  if (requests === undefined && concurrent === undefined) {
    throw new TypeError(`The option ${name} limits nothing: give requests and intervalMs, or concurrent`);
  }
  return limit;
}

function checkCount(value: unknown, name: string): void {
  if (value === undefined) return;
  if (typeof value !== 'number') {
    throw new TypeError(`The option ${name} is ${show(value)}: give a whole number of requests, 1 or more`);
  }
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new RangeError(`The option ${name} is ${value}: give a whole number of requests, 1 or more`);
  }
}
