import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCacheControl, type Directives } from '../../src/core/cache-control.ts';
import { parseTargetedField } from '../../src/core/targeted-field.ts';

const none = parseCacheControl([]);

describe('RFC 9213 §2.1 a targeted field', () => {
  it.each<[string, Partial<Directives>]>([
    ['max-age=60', { maxAgeSeconds: 60 }],
    ['  max-age=60  ,\tno-store ', { maxAgeSeconds: 60, noStore: true }],
    ['s-maxage=0, must-revalidate', { sMaxAgeSeconds: 0, mustRevalidate: true }],
    ['max-age=999999999999999', { maxAgeSeconds: 2 ** 31 }],
    ['max-age=-60', { maxAgeSeconds: 0 }],
    [
      'stale-while-revalidate=7, stale-if-error=8',
      { staleWhileRevalidateSeconds: 7, staleIfErrorSeconds: 8 },
    ],
    [
      'public, private, proxy-revalidate, must-understand, immutable',
      { public: true, private: true, proxyRevalidate: true, mustUnderstand: true, immutable: true },
    ],
    ['no-cache=?1, no-store=?1', { noCache: true, noStore: true }],
    [
      'private="Set-Cookie, x-a", no-cache=Age',
      { privateFields: ['set-cookie', 'x-a'], noCacheFields: ['age'] },
    ],
    ['private="", no-cache="a b"', { private: true, noCache: true }],
    ['max-age=60;a=1;b, no-store;no', { maxAgeSeconds: 60, noStore: true }],
    ['unknown=(1 2), *x=:AA==:, max-age=60', { maxAgeSeconds: 60 }],
  ])('%j is read', (field, expected) => {
    expect(parseTargetedField(field)).toStrictEqual({ ...none, ...expected });
  });

  it('is read up to 4 KiB', () => {
    const field = 'max-age=60, x="';
    expect(parseTargetedField(`${field.padEnd(4095, 'a')}"`)?.maxAgeSeconds).toBe(60);
    expect(parseTargetedField(`${field.padEnd(4096, 'a')}"`)).toBeUndefined();
  });

  it('has the value that its last member of a name gives', () => {
    expect(parseTargetedField('max-age=60, no-store, max-age=10, no-store=?0')).toStrictEqual({
      ...none,
      maxAgeSeconds: 10,
    });
    expect(parseTargetedField('max-age=60.0, max-age=10')?.maxAgeSeconds).toBe(10);
    expect(parseTargetedField('max-age=10, max-age=60.0')?.maxAgeSeconds).toBeUndefined();
  });

  it.each([
    'max-age',
    'max-age=?1',
    'max-age=60.5',
    'max-age=60.0',
    'max-age=-60.0;x=1',
    'a="max-age=1,", max-age=60.0, b="\\", max-age=1"',
    'max-age="60"',
    'max-age=sixty',
    'max-age=(60)',
    'max-age=:AAAA:',
    'stale-if-error=1.0, stale-while-revalidate="7"',
    'no-store=?0, private=?0, no-cache=?0, public=?0',
    'no-store=1, private=1, no-cache=1, must-revalidate="yes"',
    'no-store=store, no-cache=("a" "b"), private=:AAAA:',
  ])('gives nothing where the type is not that of the directive: %j', (field) => {
    expect(parseTargetedField(field)).toStrictEqual(none);
  });

  it.each([
    ...['a="max-age=60.0, x", max-age=60', 'a=%"max-age=1.5,", max-age=60', 'a;max-age=1.5, max-age=60'],
    ...[
      'max-age=60, a="x,max-age=1.5"',
      'max-age=60, a=%"x,max-age=1.5,"',
      'max-age=60, a=%"a\\", b="x,max-age=1.5,"',
    ],
  ])('has no Decimal where only other text looks like one: %j', (field) => {
    expect(parseTargetedField(field)?.maxAgeSeconds).toBe(60);
  });

  it.each([
    '',
    ' ',
    'max-age=60,',
    ',max-age=60',
    'max-age=60 no-store',
    'Max-Age=60',
    'max-age = 60',
    'max-age=60, &&&',
    'max-age=1.',
    'max-age=1.2345',
    'max-age=1234567890123456',
    'no-store, private="a',
    'no-store, private=“a”',
    `no-store, x="${'a'.repeat(4096)}"`,
  ])('counts as absent when it is no Dictionary, empty or too long: %j', (field) => {
    expect(parseTargetedField(field)).toBeUndefined();
  });

  it('says what Cache-Control says in the same words', () => {
    const flag = fc.constantFrom(
      'no-store',
      'public',
      'must-revalidate',
      'immutable',
      'must-understand',
      'x',
    );
    const lifetime = fc.tuple(
      fc.constantFrom('max-age', 's-maxage', 'stale-if-error', 'stale-while-revalidate'),
      fc.integer({ min: 0, max: 2 ** 33 }),
    );
    const names = fc.tuple(
      fc.constantFrom('no-cache', 'private'),
      fc.constantFrom('', '="set-cookie"', '="a, B"', '=Age', '=""'),
    );
    const member = fc.oneof(
      flag,
      lifetime.map(([name, seconds]) => `${name}=${seconds}`),
      names.map((parts) => parts.join('')),
    );
    // Of a repeated member the last counts in a Dictionary, and the strictest in Cache-Control.
    const field = fc
      .uniqueArray(member, { minLength: 1, selector: (text) => text.split('=')[0] })
      .map((members) => members.join(', '));
    fc.assert(
      fc.property(field, (text) => {
        expect(parseTargetedField(text)).toStrictEqual(parseCacheControl([text]));
      }),
    );
  });
});
