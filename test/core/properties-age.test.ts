import fc from 'fast-check';
import { describe, it } from 'vitest';
import { currentAgeMs, freshnessLifetimeMs } from '../../src/core/freshness.ts';
import { anyResponse, anyRules, anyTime, anyTimes, policyFor } from './arbitraries.ts';
import { second } from './messages.ts';

describe('RFC 9111 §4.2 age and freshness, whatever the response', () => {
  const policy = fc
    .tuple(anyResponse, anyRules, anyTimes)
    .map(([response, given, at]) => policyFor(response, given, at));

  it('no age is negative or less than the Age that came', () => {
    const age = fc.nat(1e6);
    fc.assert(
      fc.property(anyResponse, anyRules, anyTimes, age, anyTime, (response, given, at, seconds, now) => {
        const headers = [
          ...response.headers.filter(([name]) => name !== 'Age'),
          ['Age', `${seconds}`] as const,
        ];
        const aged = policyFor({ ...response, headers }, given, at);
        return currentAgeMs(aged, now) >= seconds * second;
      }),
    );
  });

  it('no age becomes less with time', () => {
    fc.assert(
      fc.property(policy, anyTime, anyTime, (stored, a, b) => {
        const [earlier, later] = [Math.min(a, b), Math.max(a, b)];
        return (
          0 <= currentAgeMs(stored, earlier) && currentAgeMs(stored, earlier) <= currentAgeMs(stored, later)
        );
      }),
    );
  });

  it('a freshness lifetime is a finite time, and at most maxTtl', () => {
    fc.assert(
      fc.property(policy, anyRules, (stored, given) => {
        const lifetimeMs = freshnessLifetimeMs(stored, given);
        return lifetimeMs >= 0 && lifetimeMs <= (given.maxTtl ?? Number.MAX_SAFE_INTEGER);
      }),
    );
  });
});
