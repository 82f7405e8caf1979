import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCacheControl, type Directives } from '../../src/core/cache-control.ts';

const none: Directives = {
  noStore: false,
  noCache: false,
  noCacheFields: [],
  private: false,
  privateFields: [],
  public: false,
  mustRevalidate: false,
  proxyRevalidate: false,
  mustUnderstand: false,
  immutable: false,
  onlyIfCached: false,
  maxAgeSeconds: undefined,
  sMaxAgeSeconds: undefined,
  minFreshSeconds: undefined,
  maxStaleSeconds: undefined,
  staleWhileRevalidateSeconds: undefined,
  staleIfErrorSeconds: undefined,
  targeted: false,
};

describe('RFC 9111 §5.2 Cache-Control', () => {
  it.each<[string, Partial<Directives>]>([
    ['no-store', { noStore: true }],
    ['No-Store, max-age=60', { noStore: true, maxAgeSeconds: 60 }],
    ['PRIVATE', { private: true }],
    [
      'public,must-revalidate , proxy-revalidate',
      { public: true, mustRevalidate: true, proxyRevalidate: true },
    ],
    ['immutable, must-understand', { immutable: true, mustUnderstand: true }],
    ['only-if-cached, min-fresh=5', { onlyIfCached: true, minFreshSeconds: 5 }],
    ['max-stale', { maxStaleSeconds: Infinity }],
    ['max-stale=10', { maxStaleSeconds: 10 }],
    [
      'stale-while-revalidate=7, stale-if-error=8',
      { staleWhileRevalidateSeconds: 7, staleIfErrorSeconds: 8 },
    ],
    [',, ,max-age=1,,', { maxAgeSeconds: 1 }],
    ['', {}],
    ['community="UCI", foo, x=1', {}],
    ['no-cache="a, Content-Encoding", private="Content-Type"', { noCache: true, private: true }],
    ['no-cache="Content-Language"', { noCacheFields: ['content-language'] }],
  ])('reads %j', (line, expected) => {
    expect(parseCacheControl([line])).toStrictEqual({ ...none, ...expected });
  });

  it.each<[string, number]>([
    ['max-age=3600', 3600],
    ['MaX-aGe=3600', 3600],
    ['max-age="3600"', 3600],
    ['max-age="36\\00"', 3600],
    ['max-age=003600', 3600],
    ['max-age = 3600', 3600],
    ['max-age=3600 , x', 3600],
    ['max-age="3600" , x', 3600],
    ['max-age= "3600"', 3600],
    ['max-age=\t"3600"', 3600],
    ['max-age=2147483648', 2 ** 31],
    ['max-age=99999999999999999999', 2 ** 31],
    ['max-age=-3600', 0],
    ['max-age=3600.5', 0],
    ['max-age=1e9', 0],
    ['max-age=a3600', 0],
    ['max-age=3600a', 0],
    ["max-age='3600'", 0],
    ['max-age="3600"0', 0],
    ['max-age="3600', 0],
    ['max-age=', 0],
    ['max-age', 0],
    ['max-age=3600; foo', 0],
  ])('takes the lifetime of %j for %d seconds', (line, seconds) => {
    expect(parseCacheControl([line]).maxAgeSeconds).toBe(seconds);
    expect(parseCacheControl([line.replace(/max-age/i, 's-maxage')]).sMaxAgeSeconds).toBe(seconds);
  });
});

describe('quoted strings and qualified directives', () => {
  it('sees no directive inside a quoted string', () => {
    expect(parseCacheControl(['x="no-store, max-age=3600", max-age=1'])).toEqual({
      ...none,
      maxAgeSeconds: 1,
    });
    expect(parseCacheControl(['x="\\", no-store", max-age=1'])).toStrictEqual({ ...none, maxAgeSeconds: 1 });
  });

  it('sees directives behind a quote that nothing closes', () => {
    expect(parseCacheControl(['x="a, no-store']).noStore).toBe(true);
  });

  it('reads the names that qualify private and no-cache (§5.2.2.4, §5.2.2.7)', () => {
    const directives = parseCacheControl(['private="Set-Cookie, X-A", no-cache=x-b']);
    expect(directives).toStrictEqual({
      ...none,
      privateFields: ['set-cookie', 'x-a'],
      noCacheFields: ['x-b'],
    });
  });

  it.each([
    'private=""',
    'private=" , "',
    'private="a b"',
    'private="a, b c"',
    'private, private="a"',
    'private="a", private',
  ])('takes %j for unqualified', (line) => {
    expect(parseCacheControl([line]).private).toBe(true);
  });

  it('reads past empty members of a list of names (RFC 9110 §5.6.1)', () => {
    const directives = parseCacheControl(['private=", a,,"']);
    expect(directives).toStrictEqual({ ...none, privateFields: ['a'] });
  });

  it('still sees private behind a semicolon', () => {
    expect(parseCacheControl(['max-age=100; private']).private).toBe(true);
  });
});

describe('RFC 9111 §4.2.1 repeated directives', () => {
  it.each<[readonly string[], Partial<Directives>]>([
    [['max-age=60, max-age=10'], { maxAgeSeconds: 10 }],
    [['max-age=10', 'max-age=60'], { maxAgeSeconds: 10 }],
    [['max-age=60, max-age=x'], { maxAgeSeconds: 0 }],
    [['s-maxage=5', 's-maxage=9'], { sMaxAgeSeconds: 5 }],
    [['max-stale, max-stale=5'], { maxStaleSeconds: 5 }],
    [['min-fresh=5, min-fresh=9'], { minFreshSeconds: 9 }],
    [['stale-if-error=9, stale-if-error=5'], { staleIfErrorSeconds: 5 }],
  ])('keeps the strictest of %j', (values, expected) => {
    expect(parseCacheControl(values)).toStrictEqual({ ...none, ...expected });
  });
});

describe('hostile input', () => {
  it('gives the same shape for anything, and never throws', () => {
    const text = fc.string({ unit: fc.constantFrom(...'abnoe-store=",;\\ \t1max-age') });
    fc.assert(
      fc.property(fc.array(fc.oneof(text, fc.string())), (values) => {
        const directives = parseCacheControl(values);
        expect(Object.keys(directives)).toEqual(Object.keys(none));
        expect(directives.maxAgeSeconds ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('ignores the directive %s', (name) => {
    expect(parseCacheControl([`${name}=1, ${name}`])).toStrictEqual(none);
  });
});
