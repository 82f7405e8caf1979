import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldLines } from '../../src/core/message.ts';
import { createPolicy } from '../../src/core/policy.ts';
import type { FreshnessSource } from '../../src/core/policy-types.ts';
import {
  day,
  hour,
  httpDate,
  lines,
  policyOf,
  privateRules,
  request,
  response,
  second,
  sharedRules,
  start,
  storedHead,
} from './messages.ts';

function freshness(headers: FieldLines, { shared = false, status = 200 } = {}): FreshnessSource {
  const rules = shared ? sharedRules : privateRules;
  return policyOf({}, { rules, response: storedHead(headers, status) }).freshness;
}

const explicit = (seconds: number): FreshnessSource => ({ kind: 'explicit', lifetimeMs: seconds * second });
const dated = { Date: httpDate(start) };

describe('RFC 9111 §4.2.1 explicit freshness', () => {
  it.each([
    [{ 'Cache-Control': 'max-age=60' }, 60],
    [{ 'Cache-Control': 'max-age=0' }, 0],
    [{ 'CACHE-CONTROL': 'MAX-AGE=60' }, 60],
    [{ ...dated, 'Cache-Control': 'max-age=60', Expires: httpDate(start + day) }, 60],
    [{ ...dated, 'Cache-Control': 'max-age=60', Expires: '0' }, 60],
    [{ ...dated, 'Cache-Control': 'max-age=x', Expires: httpDate(start + day) }, 0],
    [{ ...dated, Expires: httpDate(start + hour) }, 3600],
    [{ Date: httpDate(start - hour), Expires: httpDate(start + hour) }, 7200],
    [{ Expires: httpDate(start + hour) }, 3600],
    [{ Date: 'yesterday', Expires: httpDate(start + hour) }, 3600],
    [{ ...dated, Expires: httpDate(start - hour) }, 0],
    [{ ...dated, Expires: '0' }, 0],
    [{ ...dated, Expires: '' }, 0],
    [{ ...dated, Expires: 'Thu, 01 Jan 2060 00:00:00 UTC' }, 0],
    [{ ...dated, Expires: 'Fri, 01 Jan 0040 00:00:00 GMT' }, 0],
    [{ ...dated, Expires: '0', 'Last-Modified': httpDate(start - day) }, 0],
    [{ 'Cache-Control': 'max-age=60, immutable' }, 60],
  ])('%j is fresh for %d seconds', (fields, seconds) => {
    expect(freshness(lines(fields))).toEqual(explicit(seconds));
  });

  it('reckons to the millisecond when the response has no Date', () => {
    const fields = { Expires: httpDate(start + 10 * second) };
    expect(policyOf(fields, { responseTime: start + 1 }).freshness).toEqual(explicit(9.999));
  });

  it('takes the strictest of repeated lines', () => {
    const headers: FieldLines = [
      ['Cache-Control', 'max-age=60'],
      ['cache-control', 'max-age=10'],
    ];
    expect(freshness(headers)).toEqual(explicit(10));
  });

  it('takes two Expires for the past', () => {
    const line = ['Expires', httpDate(start + hour)] as const;
    expect(freshness([line, line])).toEqual(explicit(0));
  });

  it('obeys s-maxage in a shared cache only, and there before all else', () => {
    const headers = lines({ 'Cache-Control': 's-maxage=60, max-age=10' });
    expect(freshness(headers, { shared: true })).toEqual(explicit(60));
    expect(freshness(headers)).toEqual(explicit(10));
    expect(freshness(lines({ 'Cache-Control': 's-maxage=60' }))).toEqual({ kind: 'none' });
    const zero = lines({ 'Cache-Control': 's-maxage=0, max-age=10' });
    expect(freshness(zero, { shared: true })).toEqual(explicit(0));
  });

  it.each([
    'max-age=60, must-revalidate',
    'max-age=60, proxy-revalidate',
    'max-age=60, no-cache="a"',
    'max-age=60, no-store, must-understand',
  ])('does not shorten the lifetime for %j in a shared cache', (cacheControl) => {
    const headers = lines({ 'Cache-Control': cacheControl, 'Set-Cookie': 'a=1', Vary: 'x' });
    expect(freshness(headers, { shared: true })).toEqual(explicit(60));
  });
});

describe('RFC 9111 §4.2.2 heuristic freshness', () => {
  const modified = lines({ ...dated, 'Last-Modified': httpDate(start - hour) });
  const heuristic = { kind: 'heuristic', sinceLastModifiedMs: hour };

  it.each([200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501])('is for %d', (status) => {
    expect(freshness(modified, { status })).toEqual(heuristic);
  });

  it.each([201, 202, 302, 303, 307, 400, 403, 500, 502, 503, 504, 599])('is not for %d', (status) => {
    expect(freshness(modified, { status })).toEqual({ kind: 'none' });
  });

  it('is for any status that is marked as cacheable', () => {
    const marked = (cacheControl: string): FieldLines => [...modified, ['Cache-Control', cacheControl]];
    expect(freshness(marked('public'), { status: 302 })).toEqual(heuristic);
    expect(freshness(marked('private'), { status: 302 })).toEqual(heuristic);
    expect(freshness(marked('private'), { status: 302, shared: true })).toEqual({ kind: 'none' });
  });

  it('needs a Last-Modified before Date', () => {
    expect(freshness(lines(dated))).toEqual({ kind: 'none' });
    expect(freshness(lines({ ...dated, 'Last-Modified': 'yesterday' }))).toEqual({ kind: 'none' });
    expect(freshness(lines({ ...dated, 'Last-Modified': httpDate(start + hour) }))).toEqual({ kind: 'none' });
  });

  it('does not come from immutable (RFC 8246)', () => {
    expect(freshness(lines({ 'Cache-Control': 'immutable' }))).toEqual({ kind: 'none' });
  });
});

describe('what else is kept', () => {
  it('keeps the directives that bind reuse', () => {
    const cacheControl =
      'no-cache="A", must-revalidate, immutable, public, stale-while-revalidate=5, stale-if-error=0';
    expect(policyOf({ 'Cache-Control': cacheControl }).directives).toEqual({
      noCache: false,
      noCacheFields: ['a'],
      mustRevalidate: true,
      proxyRevalidate: false,
      immutable: true,
      public: true,
      staleWhileRevalidateMs: 5 * second,
      staleIfErrorMs: 0,
    });
  });

  it('takes s-maxage for proxy-revalidate (§5.2.2.10)', () => {
    expect(policyOf({ 'Cache-Control': 's-maxage=1' }).directives.proxyRevalidate).toBe(true);
  });

  it('obeys Pragma only where Cache-Control is absent (§5.4)', () => {
    expect(policyOf({ Pragma: 'No-Cache' }).directives.noCache).toBe(true);
    expect(policyOf({ Pragma: 'no-cache', 'Cache-Control': 'max-age=1' }).directives.noCache).toBe(false);
  });

  it.each([
    { fields: { 'Cache-Control': 'No-Store, max-age=60' }, rules: privateRules, noCache: true },
    {
      fields: { 'Cache-Control': 'no-store, must-understand, max-age=60' },
      rules: privateRules,
      noCache: false,
    },
    { fields: { 'Cache-Control': 'PRIVATE, max-age=60' }, rules: sharedRules, noCache: true },
    { fields: { 'Cache-Control': 'private, max-age=60' }, rules: privateRules, noCache: false },
    { fields: { Vary: 'a, *', 'Cache-Control': 'max-age=60' }, rules: privateRules, noCache: true },
  ])('has to be validated, if it is stored at all: $noCache for $fields', ({ fields, rules, noCache }) => {
    expect(policyOf(fields, { rules }).directives.noCache).toBe(noCache);
  });

  it('keeps validators as sent, and only those that can be used', () => {
    const lastModified = 'Tuesday, 01-Jan-30 00:00:00 GMT';
    expect(policyOf({ ETag: 'W/"a"', 'Last-Modified': lastModified })).toMatchObject({
      etag: 'W/"a"',
      lastModified,
    });
    expect(policyOf({ ETag: '', 'Last-Modified': 'yesterday' })).not.toHaveProperty('lastModified');
    expect(policyOf({ ETag: '' })).not.toHaveProperty('etag');
    const twice: FieldLines = [
      ['ETag', '"a"'],
      ['ETag', '"b"'],
    ];
    expect(policyOf({}, { response: storedHead(twice) })).not.toHaveProperty('etag');
  });

  it('keeps whether a shared cache stored it', () => {
    expect(policyOf({}, { rules: sharedRules }).shared).toBe(true);
    expect(policyOf({})).not.toHaveProperty('shared');
  });

  it('keeps nothing of the request but its method', () => {
    const secret = request({ Authorization: 'secret', Cookie: 'secret' }, 'HEAD');
    const policy = createPolicy({
      id: 'i',
      epoch: 'e',
      request: secret,
      response: response({ Vary: 'cookie' }),
      requestTime: start,
      responseTime: start,
      selecting: [['cookie', 'digest']],
      credentials: 'other digest',
      rules: privateRules,
    });
    expect(JSON.stringify(policy)).not.toContain('secret');
    expect(policy).toMatchObject({
      method: 'HEAD',
      selecting: [['cookie', 'digest']],
      credentials: 'other digest',
    });
  });

  it('is the same after JSON, whatever the response', () => {
    const name = fc.constantFrom(
      'cache-control',
      'expires',
      'age',
      'date',
      'etag',
      'last-modified',
      'vary',
      'pragma',
    );
    const value = fc.oneof(
      fc.string(),
      fc
        .date({ min: new Date(0), max: new Date(8e12), noInvalidDate: true })
        .map((date) => date.toUTCString()),
      fc.constantFrom('max-age=99999999999999', 's-maxage=1, stale-if-error', 'max-stale', '*', '"x"'),
    );
    const headers = fc.array(fc.tuple(name, value), { maxLength: 8 });
    fc.assert(
      fc.property(headers, fc.integer({ min: 100, max: 599 }), fc.boolean(), (headers, status, shared) => {
        const rules = shared ? sharedRules : privateRules;
        const policy = policyOf({}, { rules, response: storedHead(headers, status) });
        expect(JSON.parse(JSON.stringify(policy))).toStrictEqual(policy);
      }),
      { numRuns: 500 },
    );
  });
});

describe('RFC 9213 §2.2 a targeted field', () => {
  const rules = { ...privateRules, targetedCacheControl: ['cdn-cache-control'] };

  function targeted(fields: Readonly<Record<string, string>>): FreshnessSource {
    return policyOf({ ...dated, ...fields }, { rules }).freshness;
  }

  it('gives the freshness in place of Cache-Control and Expires', () => {
    const others = { 'Cache-Control': 'max-age=60', Expires: httpDate(start + hour) };
    expect(targeted({ ...others, 'CDN-Cache-Control': 'max-age=10' })).toEqual(explicit(10));
    expect(targeted({ ...others, 'CDN-Cache-Control': 'public' })).toEqual({ kind: 'none' });
    expect(targeted({ ...others, 'CDN-Cache-Control': '' })).toEqual(explicit(60));
  });

  it('leaves a response without a lifetime its heuristic', () => {
    const fields = { 'CDN-Cache-Control': 'public', 'Last-Modified': httpDate(start - hour) };
    expect(targeted({ ...fields, Expires: '0' })).toEqual({ kind: 'heuristic', sinceLastModifiedMs: hour });
  });

  it('leaves Age and Date as they are', () => {
    const fields = { 'CDN-Cache-Control': 'max-age=10', Age: '7' };
    expect(policyOf(fields, { rules }).initialAgeMs).toBe(7 * second);
  });

  it('gives the directives that bind reuse', () => {
    const { directives } = policyOf(
      { 'CDN-Cache-Control': 'no-cache="a"', 'Cache-Control': 'no-cache, no-store' },
      { rules },
    );
    expect(directives).toMatchObject({ noCache: false, noCacheFields: ['a'] });
  });
});
