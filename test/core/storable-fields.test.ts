import { describe, expect, it } from 'vitest';
import type { FieldLines } from '../../src/core/message.ts';
import { fieldExclusions, storableFields, storableTrailers } from '../../src/core/storable-fields.ts';
import { lines, privateRules, sharedRules } from './messages.ts';

const keepAll = { dropSetCookie: false };

describe('RFC 9111 §3.1 storing header fields', () => {
  it.each([
    'Connection',
    'Keep-Alive',
    'Proxy-Authenticate',
    'Proxy-Authentication-Info',
    'Proxy-Authorization',
    'Proxy-Connection',
    'TE',
    'Transfer-Encoding',
    'Upgrade',
  ])('leaves out %s', (name) => {
    expect(storableFields([[name, 'x']], keepAll)).toEqual([]);
  });

  it('leaves out the fields that any line of Connection names', () => {
    const headers: FieldLines = [
      ['Connection', 'close, X-Secret ,'],
      ['x-secret', '1'],
      ['X-Other', '2'],
      ['connection', 'x-third'],
      ['X-Third', '3'],
    ];
    expect(storableFields(headers, keepAll)).toEqual([['X-Other', '2']]);
  });

  it('keeps order, repetition, case, and what the origin says of age', () => {
    const headers: FieldLines = [
      ['Date', 'Wed, 02 Jan 2030 12:00:00 GMT'],
      ['Trailer', 'Server-Timing'],
      ['Set-Cookie', 'a=1'],
      ['Age', '5'],
      ['set-cookie', 'b=2'],
      ['Warning', '110 - "stale"'],
    ];
    expect(storableFields(headers, keepAll)).toEqual(headers);
  });

  it('leaves out Set-Cookie and further names where asked', () => {
    const headers: FieldLines = [
      ['Set-Cookie', 'a=1'],
      ['X-User', 'u'],
      ['X-Kept', 'k'],
    ];
    expect(storableFields(headers, { dropSetCookie: true, dropNames: ['x-user'] })).toEqual([
      ['X-Kept', 'k'],
    ]);
  });
});

describe('what directives and rules leave out', () => {
  it('leaves out what no-cache names, and what private names in a shared cache (§5.2.2.4, §5.2.2.7)', () => {
    const headers = lines({ 'Cache-Control': 'no-cache="A, b", private="C"' });
    expect(fieldExclusions(headers, privateRules).dropNames).toEqual(['a', 'b']);
    expect(fieldExclusions(headers, sharedRules).dropNames).toEqual(['a', 'b', 'c']);
  });

  it.each([
    { rules: privateRules, cacheControl: 'max-age=60', dropped: false },
    { rules: sharedRules, cacheControl: 'max-age=60', dropped: true },
    { rules: sharedRules, cacheControl: 'public, max-age=60', dropped: false },
    { rules: sharedRules, cacheControl: 's-maxage=60', dropped: false },
    { rules: { ...sharedRules, setCookie: 'keep' as const }, cacheControl: 'max-age=60', dropped: false },
    { rules: { ...privateRules, setCookie: 'drop' as const }, cacheControl: 'public', dropped: true },
  ])('drops Set-Cookie: $dropped for shared=$rules.shared, $rules.setCookie, $cacheControl', (row) => {
    const headers = lines({ 'Cache-Control': row.cacheControl });
    expect(fieldExclusions(headers, row.rules).dropSetCookie).toBe(row.dropped);
  });

  it('goes by a targeted field in place of Cache-Control (RFC 9213 §2.2)', () => {
    const headers = lines({ 'CDN-Cache-Control': 'no-cache="A", public', 'Cache-Control': 'no-cache="B"' });
    const rules = { ...sharedRules, targetedCacheControl: ['cdn-cache-control'] };
    expect(fieldExclusions(headers, rules)).toEqual({ dropSetCookie: false, dropNames: ['a'] });
  });
});

describe('RFC 9111 §3.1 storing trailers', () => {
  const headers: FieldLines = [
    ['Cache-Control', 'max-age=60, private="X-Private", no-cache="X-Own"'],
    ['Connection', 'X-Hop'],
  ];
  const trailers = lines({
    'X-Sum': '7',
    'x-private': '1',
    'X-Own': '1',
    'X-Hop': '1',
    'Set-Cookie': 'a=1',
    TE: 'x',
  });

  it('leaves out what it leaves out of the header section', () => {
    expect(storableTrailers(trailers, headers, sharedRules)).toEqual([['X-Sum', '7']]);
  });

  it('keeps in a private cache what is for its user', () => {
    const names = storableTrailers(trailers, headers, privateRules).map(([name]) => name);
    expect(names).toEqual(['X-Sum', 'x-private', 'Set-Cookie']);
  });
});
