import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cacheModes, type CacheMode } from '../../src/core/cache-mode.ts';
import { decideReuse, type ReuseDecision } from '../../src/core/reuse-decision.ts';
import type { CacheRules } from '../../src/core/rules.ts';
import { hour, policyOf, privateRules, request, second, sharedRules, start } from './messages.ts';

interface Case {
  /** Cache-Control of the stored response. */
  readonly stored: string;
  /** Age in seconds at which it is asked for. */
  readonly age?: number;
  /** The target URI. */
  readonly url?: string;
  /** Fields of the request. */
  readonly asked?: Readonly<Record<string, string>>;
  readonly mode?: CacheMode;
  readonly rules?: CacheRules;
}

function decide({
  stored,
  age = 0,
  url = 'https://origin.test/',
  asked = {},
  mode = 'default',
  rules = privateRules,
}: Case): ReuseDecision {
  return decideReuse({
    policy: policyOf({ 'Cache-Control': stored }, { rules }),
    request: { ...request(asked), url },
    mode,
    rules,
    now: start + age * second,
  });
}

/** Kind and reason, in short. */
function verdict(given: Case): string {
  const decision = decide(given);
  const stale = decision.kind === 'use-stored' && decision.stale ? ', stale' : '';
  return `${decision.kind}: ${decision.reason}${stale}`;
}

describe('RFC 9111 §4 reuse', () => {
  it.each<[Case, string]>([
    [{ stored: 'max-age=60', age: 59 }, 'use-stored: fresh'],
    [{ stored: 'max-age=60', age: 60 }, 'validate: stale'],
    [{ stored: 'max-age=0' }, 'validate: stale'],
    [{ stored: 'max-age=60, must-revalidate', age: 59 }, 'use-stored: fresh'],
    [{ stored: 'max-age=60, must-revalidate', age: 60 }, 'validate: stale'],
    [{ stored: 'max-age=60, no-cache' }, 'validate: stale'],
    [{ stored: 'max-age=60, no-cache="set-cookie"' }, 'use-stored: fresh'],
    [{ stored: 'max-age=60, no-store' }, 'validate: stale'],
    [{ stored: 's-maxage=60', age: 59, rules: sharedRules }, 'use-stored: fresh'],
    [
      { stored: 'max-age=60, stale-while-revalidate=600', age: 660 },
      'use-stored: stale-while-revalidate, stale',
    ],
    [{ stored: 'max-age=60, stale-while-revalidate=600', age: 661 }, 'validate: stale'],
    [
      { stored: 'max-age=60, stale-while-revalidate=600', age: 660, asked: { Range: 'bytes=0-1' } },
      'validate: stale',
    ],
    [
      {
        stored: 'max-age=60, stale-while-revalidate=600',
        age: 71,
        asked: { 'Cache-Control': 'max-stale=10' },
      },
      'validate: stale',
    ],
    [
      {
        stored: 'max-age=60, stale-while-revalidate=600',
        age: 71,
        asked: { 'Cache-Control': 'min-fresh=0' },
      },
      'validate: request',
    ],
    [{ stored: 'max-age=60, stale-while-revalidate=0', age: 60 }, 'validate: stale'],
    [{ stored: 'max-age=60, must-revalidate, stale-while-revalidate=600', age: 61 }, 'validate: stale'],
    [{ stored: 'no-cache, stale-while-revalidate=600', age: 1 }, 'validate: stale'],
  ])('%j: %s', (given, expected) => {
    expect(verdict(given)).toBe(expected);
  });

  it('tells age and what is left of the freshness', () => {
    expect(decide({ stored: 'max-age=60', age: 20 })).toEqual({
      kind: 'use-stored',
      reason: 'fresh',
      stale: false,
      ageMs: 20 * second,
      freshForMs: 40 * second,
    });
    expect(decide({ stored: 'max-age=60', age: 80 })).toEqual({
      kind: 'validate',
      reason: 'stale',
      ageMs: 80 * second,
      freshForMs: -20 * second,
    });
  });
});

describe('RFC 9111 §5.2.1 request directives', () => {
  const asking = (cacheControl: string): Record<string, string> => ({ 'cache-control': cacheControl });

  it.each<[string, number, string]>([
    ['no-cache', 0, 'validate: request'],
    ['NO-CACHE', 0, 'validate: request'],
    ['max-age=0', 0, 'validate: request'],
    ['max-age=x', 5, 'validate: request'],
    ['max-age=10', 10, 'use-stored: fresh'],
    ['max-age=10', 11, 'validate: request'],
    ['max-age=90', 70, 'validate: stale'],
    ['min-fresh=30', 30, 'use-stored: fresh'],
    ['min-fresh=30', 31, 'validate: request'],
    ['max-stale', 6000, 'use-stored: max-stale, stale'],
    ['max-stale=10', 70, 'use-stored: max-stale, stale'],
    ['max-stale=10', 71, 'validate: stale'],
    ['max-stale=x', 61, 'validate: stale'],
    ['max-stale=10, max-age=65', 66, 'validate: request'],
    ['max-stale=10, max-age=65', 65, 'use-stored: max-stale, stale'],
    ['no-store', 59, 'use-stored: fresh'],
    ['only-if-cached', 59, 'use-stored: fresh'],
    ['only-if-cached', 60, 'validate: stale'],
  ])('%s at the age of %d s: %s', (cacheControl, age, expected) => {
    expect(verdict({ stored: 'max-age=60', age, asked: asking(cacheControl) })).toBe(expected);
  });

  it('obeys Pragma only where Cache-Control is absent (§5.4)', () => {
    expect(verdict({ stored: 'max-age=60', asked: { Pragma: 'no-cache' } })).toBe('validate: request');
    const both = { Pragma: 'no-cache', 'Cache-Control': 'max-age=10' };
    expect(verdict({ stored: 'max-age=60', asked: both })).toBe('use-stored: fresh');
  });

  it.each(['must-revalidate', 'no-cache', 'no-store'])(
    'does not let max-stale outweigh %s (§4.2.4)',
    (directive) => {
      const asked = asking('max-stale');
      expect(verdict({ stored: `max-age=60, ${directive}`, age: 61, asked })).toBe('validate: stale');
    },
  );

  it.each(['proxy-revalidate', 's-maxage=60'])(
    'does not let max-stale outweigh %s in a shared cache',
    (directive) => {
      const given = { stored: `max-age=60, ${directive}`, age: 61, asked: asking('max-stale') };
      expect(verdict({ ...given, rules: sharedRules })).toBe('validate: stale');
      expect(verdict(given)).toBe('use-stored: max-stale, stale');
    },
  );
});

describe('modes', () => {
  it('only-if-cached reuses beyond maxTtl too', () => {
    const rules = { ...privateRules, maxTtl: second };
    const given = { stored: 'max-age=60', age: 70, mode: 'only-if-cached', rules } as const;
    expect(verdict(given)).toBe('use-stored: forced, stale');
  });

  it.each<[CacheMode, string, string, string]>([
    ['force-cache', 'use-stored: fresh', 'use-stored: forced, stale', 'use-stored: forced'],
    ['only-if-cached', 'use-stored: fresh', 'use-stored: forced, stale', 'use-stored: forced'],
    ['ignore-rules', 'use-stored: fresh', 'use-stored: forced, stale', 'use-stored: forced'],
    ['no-cache', 'validate: request', 'validate: request', 'validate: request'],
    ['reload', 'forward: request', 'forward: request', 'forward: request'],
    ['no-store', 'forward: request', 'forward: request', 'forward: request'],
  ])('%s: fresh %s; stale %s; no-cache %s', (mode, fresh, stale, noCache) => {
    expect(verdict({ mode, stored: 'max-age=60, must-revalidate' })).toBe(fresh);
    expect(verdict({ mode, stored: 'max-age=60, must-revalidate', age: 1e6 })).toBe(stale);
    expect(verdict({ mode, stored: 'max-age=60, no-cache' })).toBe(noCache);
    const asked = { 'Cache-Control': 'no-cache' };
    expect(verdict({ mode, stored: 'max-age=60', asked })).toBe(fresh);
  });

  it('force-cache tells that a response is stale from the end of its freshness on', () => {
    expect(verdict({ mode: 'force-cache', stored: 'max-age=60', age: 60 })).toBe('use-stored: forced, stale');
  });

  it('ignore-rules reuses up to maxTtl', () => {
    const rules = { ...privateRules, maxTtl: hour };
    expect(verdict({ mode: 'ignore-rules', stored: 'no-store', age: 3600, rules })).toBe(
      'use-stored: forced, stale',
    );
    expect(verdict({ mode: 'ignore-rules', stored: 'no-store', age: 3601, rules })).toBe('validate: stale');
  });

  it('decides for any age, directives and mode; never stale by default where that is forbidden', () => {
    const directive = fc.constantFrom(
      'max-age=60',
      'no-cache',
      'must-revalidate',
      's-maxage=9',
      'max-age=x',
      '',
    );
    const asked = fc.constantFrom('max-stale', 'max-stale=5', 'max-age=9', 'min-fresh=9', 'no-cache', '');
    fc.assert(
      fc.property(
        fc.array(directive),
        fc.array(asked),
        fc.constantFrom(...cacheModes),
        fc.integer({ min: -100, max: 1000 }),
        (stored, wanted, mode, age) => {
          const given = { stored: stored.join(','), asked: { 'Cache-Control': wanted.join(',') }, mode, age };
          const decision = decide(given);
          if (decision.kind === 'forward') return true;
          if (decision.ageMs < 0) return false;
          if (mode !== 'default' || decision.kind === 'validate') return true;
          const isForbidden = stored.includes('must-revalidate') && decision.stale;
          return !isForbidden && !stored.includes('no-cache') && !wanted.includes('no-cache');
        },
      ),
    );
  });
});

describe('RFC 8246 immutable', () => {
  const reload = { 'Cache-Control': 'max-age=0' };

  it.each<[Case, string]>([
    [{ stored: 'max-age=60, immutable', age: 59, asked: reload }, 'use-stored: fresh'],
    [{ stored: 'max-age=60', age: 59, asked: reload }, 'validate: request'],
    [{ stored: 'max-age=60, immutable', age: 60, asked: reload }, 'validate: request'],
    [{ stored: 'max-age=60, immutable', age: 60 }, 'validate: stale'],
    [{ stored: 'max-age=60, immutable, no-cache', age: 1, asked: reload }, 'validate: request'],
    [
      { stored: 'max-age=60, immutable', asked: { 'Cache-Control': 'max-age=0, no-cache' } },
      'validate: request',
    ],
    [{ stored: 'max-age=60, immutable', asked: { 'Cache-Control': 'no-cache' } }, 'validate: request'],
    [{ stored: 'max-age=60, immutable', asked: { Pragma: 'no-cache' } }, 'validate: request'],
    [
      { stored: 'max-age=60, immutable', age: 50, asked: { 'Cache-Control': 'max-age=0, min-fresh=20' } },
      'validate: request',
    ],
    [
      { stored: 'max-age=60, immutable', age: 50, asked: { 'Cache-Control': 'max-age=20' } },
      'validate: request',
    ],
    [{ stored: 'max-age=60, immutable', asked: reload, mode: 'no-cache' }, 'validate: request'],
    [
      { stored: 'max-age=60, immutable', asked: reload, rules: { ...privateRules, immutable: false } },
      'validate: request',
    ],
  ])('%j: %s', (given, expected) => {
    expect(verdict(given)).toBe(expected);
  });

  it.each<[string, string]>([
    ['http://localhost/', 'use-stored: fresh'],
    ['http://127.0.0.1:8080/', 'use-stored: fresh'],
    ['http://[::1]:8080/', 'use-stored: fresh'],
    ['http://origin.test/', 'validate: request'],
    ['http://localhost.origin.test/', 'validate: request'],
    ['http://127.0.0.1.origin.test/', 'validate: request'],
    ['http://origin.test/https://localhost/', 'validate: request'],
  ])('believes %s, whose context is authenticated or not (§3): %s', (url, expected) => {
    expect(verdict({ stored: 'max-age=60, immutable', asked: reload, url })).toBe(expected);
  });
});
