import type { CacheRules, ErrorLifetimes } from '../core/rules.ts';
import { isNeverStored } from '../core/status.ts';
import { checkDuration, show } from './check-option.ts';

/** The freshness lifetimes that a cache, or one of its rules, gives. */
export type Lifetimes = Pick<CacheRules, 'minTtl' | 'maxTtl' | 'defaultTtl' | 'errorTtl'>;

/**
 * Checks the lifetimes among the options of a cache or of one of its rules.
 *
 * @param under - What to name them under, such as `rules[0].`.
 * @throws TypeError or RangeError naming the option, the value and the remedy.
 */
export function checkLifetimes(
  { minTtl, maxTtl, defaultTtl, errorTtl }: { readonly [Name in keyof Lifetimes]?: unknown },
  under = '',
): Lifetimes {
  return {
    minTtl: checkDuration(minTtl, `${under}minTtl`),
    maxTtl: checkDuration(maxTtl, `${under}maxTtl`),
    defaultTtl: checkDuration(defaultTtl, `${under}defaultTtl`),
    errorTtl: checkErrorTtl(errorTtl, `${under}errorTtl`),
  };
}

/** @throws RangeError when the shortest lifetime is longer than the longest. */
export function checkBounds({ minTtl, maxTtl }: Lifetimes, under = ''): void {
  if (minTtl === undefined || maxTtl === undefined || minTtl <= maxTtl) return;
  const where = under === '' ? '' : ` where ${under} holds`;
  throw new RangeError(
    `The option minTtl (${minTtl}) is larger than maxTtl (${maxTtl})${where}: swap them or drop one`,
  );
}

function checkErrorTtl(value: unknown, name: string): ErrorLifetimes | undefined {
  if (value === undefined || typeof value === 'number') return checkDuration(value, name);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(
      `The option ${name} is ${show(value)}: give milliseconds, or an object of them by status, as in { 404: 60_000, '5xx': 5_000 }`,
    );
  }
  const lifetimes: Record<string, number> = {};
  for (const [status, ms] of Object.entries(value)) {
    if (!/^[45](\d\d|xx)$/.test(status)) {
      throw new TypeError(
        `The option ${name} has ${show(status)}: give statuses from 400 to 599, or the classes 4xx and 5xx`,
      );
    }
    if (isNeverStored(Number(status))) {
      throw new RangeError(
        `The option ${name} has ${status}, which no cache may store (RFC 6585, RFC 9110 §15.5.13): leave it out`,
      );
    }
    lifetimes[status] = checkDuration(ms, `${name}[${status}]`) ?? 0;
  }
  return lifetimes;
}
