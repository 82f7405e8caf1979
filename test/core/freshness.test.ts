import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currentAgeMs, freshnessLifetimeMs } from '../../src/core/freshness.ts';
import type { CacheRules } from '../../src/core/rules.ts';
import { day, hour, httpDate, policyOf, privateRules, response, second, start } from './messages.ts';

function lifetime(fields: Readonly<Record<string, string>>, rules: Partial<CacheRules> = {}): number {
  const given = { ...privateRules, ...rules };
  return freshnessLifetimeMs(policyOf(fields, { rules: given }), given);
}

const modified = (age: number): Record<string, string> => ({
  Date: httpDate(start),
  'Last-Modified': httpDate(start - age),
});

describe('RFC 9111 §4.2.1 freshness lifetime', () => {
  it('is what the response says', () => {
    expect(lifetime({ 'Cache-Control': 'max-age=60' })).toBe(60 * second);
  });

  it('is at most 24 h, and the given part, of the time since Last-Modified (§4.2.2)', () => {
    expect(lifetime(modified(20 * hour))).toBe(2 * hour);
    expect(lifetime(modified(20 * hour), { heuristic: 0.5 })).toBe(10 * hour);
    expect(lifetime(modified(300 * day))).toBe(day);
    expect(lifetime(modified(20 * hour), { heuristic: false })).toBe(0);
  });

  it('is none for a response that says nothing', () => {
    expect(lifetime({})).toBe(0);
  });
});

describe('options of the cache', () => {
  it('raises explicit lifetimes to minTtl, and no others', () => {
    const rules = { minTtl: 30 * hour };
    expect(lifetime({ 'Cache-Control': 'max-age=0' }, rules)).toBe(30 * hour);
    expect(lifetime({ 'Cache-Control': 'max-age=172800' }, rules)).toBe(48 * hour);
    expect(lifetime(modified(20 * hour), rules)).toBe(2 * hour);
    expect(lifetime({}, rules)).toBe(0);
  });

  it('caps every lifetime at maxTtl, and lengthens none', () => {
    const rules = { maxTtl: hour };
    expect(lifetime({ 'Cache-Control': 'max-age=7200' }, rules)).toBe(hour);
    expect(lifetime({ 'Cache-Control': 'Max-Age=60' }, rules)).toBe(60 * second);
    expect(lifetime({ Date: httpDate(start), Expires: httpDate(start + day) }, rules)).toBe(hour);
    expect(lifetime(modified(20 * hour), rules)).toBe(hour);
    expect(lifetime({}, { ...rules, defaultTtl: day })).toBe(hour);
    expect(lifetime({}, rules)).toBe(0);
    expect(lifetime({ 'Cache-Control': 'max-age=60' }, { minTtl: day, maxTtl: hour })).toBe(hour);
  });

  it('gives defaultTtl to what has no lifetime of its own', () => {
    const rules = { defaultTtl: hour };
    expect(lifetime({}, rules)).toBe(hour);
    expect(lifetime(modified(20 * hour), { ...rules, heuristic: false })).toBe(hour);
    expect(lifetime(modified(20 * hour), rules)).toBe(2 * hour);
    expect(lifetime({ 'Cache-Control': 'max-age=0' }, rules)).toBe(0);
    expect(lifetime({ Expires: '0' }, rules)).toBe(0);
  });
});

describe('the option errorTtl', () => {
  const errorLifetime = (
    status: number,
    fields: Readonly<Record<string, string>>,
    rules: Partial<CacheRules>,
  ): number => {
    const given = { ...privateRules, ...rules };
    return freshnessLifetimeMs(policyOf(fields, { rules: given, response: response(fields, status) }), given);
  };

  it('gives errors without an explicit lifetime theirs, before heuristics and defaultTtl', () => {
    const rules = { errorTtl: 30 * second, defaultTtl: hour, minTtl: hour };
    expect(errorLifetime(404, {}, rules)).toBe(30 * second);
    expect(errorLifetime(404, modified(20 * hour), rules)).toBe(30 * second);
    expect(errorLifetime(503, { 'Cache-Control': 'max-age=7200' }, rules)).toBe(2 * hour);
    expect(errorLifetime(200, {}, rules)).toBe(hour);
    expect(errorLifetime(301, {}, rules)).toBe(hour);
    expect(errorLifetime(404, {}, { ...rules, minTtl: undefined, maxTtl: second })).toBe(second);
  });

  it('goes by status, then by class, and leaves what it does not name', () => {
    const rules = { errorTtl: { '404': hour, '4xx': second }, defaultTtl: day };
    expect(errorLifetime(404, {}, rules)).toBe(hour);
    expect(errorLifetime(410, {}, rules)).toBe(second);
    expect(errorLifetime(501, {}, rules)).toBe(day);
  });
});

describe('RFC 9111 §4.2.3 current age', () => {
  it('grows with the time in the store', () => {
    const policy = policyOf({ Age: '10' });
    expect(currentAgeMs(policy, start)).toBe(10 * second);
    expect(currentAgeMs(policy, start + 1500)).toBe(11.5 * second);
  });

  it('is not less than it was at first when the clock is set back', () => {
    expect(currentAgeMs(policyOf({ Age: '10' }), start - day)).toBe(10 * second);
  });

  it('is never negative', () => {
    const time = fc.integer({ min: 0, max: 4e12 });
    fc.assert(
      fc.property(time, time, time, time, fc.string(), (requestTime, responseTime, date, now, age) => {
        const policy = policyOf({ Date: httpDate(date), Age: age }, { requestTime, responseTime });
        expect(currentAgeMs(policy, now)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
