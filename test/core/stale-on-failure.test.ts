import { describe, expect, it } from 'vitest';
import { mayServeStale, type Failure } from '../../src/core/stale-on-failure.ts';
import type { CacheRules } from '../../src/core/rules.ts';
import { policyOf, privateRules, request, second, sharedRules, start } from './messages.ts';

const unreachable: Failure = { kind: 'unreachable' };
const unavailable: Failure = { kind: 'error-status', status: 503 };

interface Case {
  readonly stored: string;
  readonly failure: Failure;
  /** Seconds past the freshness lifetime of 60 seconds. */
  readonly staleness?: number;
  readonly asked?: string;
  readonly rules?: CacheRules;
}

function mayServe({ stored, failure, staleness = 1, asked, rules = privateRules }: Case): boolean {
  return mayServeStale({
    policy: policyOf({ 'Cache-Control': `max-age=60, ${stored}` }, { rules }),
    request: request(asked === undefined ? {} : { 'Cache-Control': asked }),
    rules,
    now: start + (60 + staleness) * second,
    failure,
  });
}

describe('RFC 5861 §4 stale-if-error', () => {
  it.each([500, 502, 503, 504])('lets a stale response stand in for a %d', (status) => {
    const failure: Failure = { kind: 'error-status', status };
    expect(mayServe({ stored: 'stale-if-error=10', failure, staleness: 10 })).toBe(true);
    expect(mayServe({ stored: 'stale-if-error=10', failure, staleness: 11 })).toBe(false);
    expect(mayServe({ stored: '', failure })).toBe(false);
  });

  it.each([200, 304, 401, 403, 404, 410, 429, 501, 505])('never hides a %d', (status) => {
    expect(mayServe({ stored: 'stale-if-error=10', failure: { kind: 'error-status', status } })).toBe(false);
  });

  it('may come with the request', () => {
    const given = { stored: '', failure: unavailable, asked: 'stale-if-error=10' };
    expect(mayServe({ ...given, staleness: 10 })).toBe(true);
    expect(mayServe({ ...given, staleness: 11 })).toBe(false);
    expect(mayServe({ ...given, asked: 'stale-if-error=10, max-age=0' })).toBe(true);
    expect(mayServe({ ...given, asked: 'stale-if-error=10, no-cache' })).toBe(false);
  });

  it('counts an origin that cannot be reached as an error', () => {
    const rules = { ...privateRules, maxStaleIfDisconnected: 0 };
    expect(mayServe({ stored: 'stale-if-error=10', failure: unreachable, staleness: 10, rules })).toBe(true);
    expect(mayServe({ stored: 'stale-if-error=10', failure: unreachable, staleness: 11, rules })).toBe(false);
  });
});

describe('RFC 9111 §4.2.4 disconnected', () => {
  it('serves a stale response for as long as maxStaleIfDisconnected says', () => {
    const rules = { ...privateRules, maxStaleIfDisconnected: 5 * second };
    expect(mayServe({ stored: '', failure: unreachable, staleness: 5, rules })).toBe(true);
    expect(mayServe({ stored: '', failure: unreachable, staleness: 6, rules })).toBe(false);
    expect(mayServe({ stored: '', failure: unavailable, staleness: 5, rules })).toBe(false);
  });

  it('serves none where maxStaleIfDisconnected is 0', () => {
    const rules = { ...privateRules, maxStaleIfDisconnected: 0 };
    expect(mayServe({ stored: '', failure: unreachable, staleness: 0, rules })).toBe(false);
  });

  it('serves none that is staler than the request takes (§5.2.1.2)', () => {
    const given = { stored: 'stale-if-error=60', failure: unavailable, asked: 'max-stale=10' };
    expect(mayServe({ ...given, staleness: 10 })).toBe(true);
    expect(mayServe({ ...given, staleness: 11 })).toBe(false);
    expect(mayServe({ ...given, staleness: 11, asked: 'max-stale' })).toBe(true);
    expect(mayServe({ ...given, staleness: 11, failure: unreachable })).toBe(false);
  });

  it.each(['must-revalidate', 'no-cache', 'no-store'])(
    'serves none with %s, whatever allows it',
    (directive) => {
      const stored = `stale-if-error=10, ${directive}`;
      const asked = 'max-stale, stale-if-error=10';
      expect(mayServe({ stored, failure: unreachable, asked })).toBe(false);
      expect(mayServe({ stored, failure: unavailable, asked })).toBe(false);
    },
  );

  it.each(['proxy-revalidate', 's-maxage=60'])('serves none with %s in a shared cache', (directive) => {
    const stored = `stale-if-error=10, ${directive}`;
    expect(mayServe({ stored, failure: unreachable, rules: sharedRules })).toBe(false);
    expect(mayServe({ stored, failure: unavailable, rules: sharedRules })).toBe(false);
    expect(mayServe({ stored, failure: unreachable })).toBe(true);
  });

  it.each([
    ['no-cache', false],
    ['max-age=0', false],
    ['max-age=1000', false],
    ['min-fresh=0', false],
    ['max-age=1000, max-stale', true],
    ['max-age=61, max-stale', true],
    ['max-age=60, max-stale', false],
    ['max-stale=0', false],
    ['max-stale=1', true],
    ['no-store', true],
  ])('for a request that says %s: %s', (asked, expected) => {
    expect(mayServe({ stored: '', failure: unreachable, asked })).toBe(expected);
  });
});
