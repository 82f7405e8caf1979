import { describe, expect, it } from 'vitest';
import { meetsIfRange } from '../../src/core/if-range.ts';
import { hour, httpDate, response, second, start } from './messages.ts';

describe('RFC 9110 §13.1.5 If-Range', () => {
  it.each<[condition: string, etag: string, expected: boolean]>([
    ['"a"', '"a"', true],
    ['""', '""', true],
    ['"a,b"', '"a,b"', true],
    ['"é"', '"é"', true],
    ['"a"', '"A"', false],
    ['"a"', 'W/"a"', false],
    ['W/"a"', '"a"', false],
    ['W/"a"', 'W/"a"', false],
    ['a', 'a', false],
    ['*', '*', false],
    ['"a', '"a', false],
    ['"a", "b"', '"a", "b"', false],
    ['"a" ', '"a"', false],
    ['', '', false],
  ])('the entity tag %s against %s: %s', (condition, etag, expected) => {
    expect(meetsIfRange(condition, response({ ETag: etag }), start)).toBe(expected);
  });

  it('is not met by what has no entity tag', () => {
    expect(meetsIfRange('"a"', response({ 'Last-Modified': httpDate(start) }), start)).toBe(false);
  });

  it('is not met by one of two entity tags', () => {
    const head = {
      ...response(),
      headers: [['ETag', '"a"'] as const, ['ETag', '"b"'] as const],
    };
    expect(meetsIfRange('"a"', head, start)).toBe(false);
  });

  it.each<[string, number, boolean]>([
    ['in the same second', 0, false],
    ['a second later', second, true],
    ['an hour later', hour, true],
    ['before', -second, false],
  ])('a date: the response is dated %s (§8.8.2.2)', (_, afterMs, expected) => {
    const modified = httpDate(start);
    const head = response({ 'Last-Modified': modified, Date: httpDate(start + afterMs) });
    expect(meetsIfRange(modified, head, start)).toBe(expected);
  });

  it('is met by the very same date only', () => {
    const head = response({ 'Last-Modified': httpDate(start - hour), Date: httpDate(start) });
    expect(meetsIfRange(httpDate(start - hour), head, start)).toBe(true);
    expect(meetsIfRange(httpDate(start - hour + second), head, start)).toBe(false);
    expect(meetsIfRange(httpDate(start - hour - second), head, start)).toBe(false);
    expect(meetsIfRange(httpDate(start - hour), response({ Date: httpDate(start) }), start)).toBe(false);
  });

  it('is not met by a date that nothing proves to be strong', () => {
    const modified = httpDate(start - hour);
    expect(meetsIfRange(modified, response({ 'Last-Modified': modified }), start)).toBe(false);
    expect(meetsIfRange(modified, response({ 'Last-Modified': modified, Date: 'today' }), start)).toBe(false);
    const vague = response({ 'Last-Modified': 'yesterday', Date: httpDate(start) });
    expect(meetsIfRange('yesterday', vague, start)).toBe(false);
  });

  it('takes a date for one in any form, and its century by the present', () => {
    const head = response({ 'Last-Modified': 'Tuesday, 01-Jan-30 00:00:00 GMT', Date: httpDate(start) });
    expect(meetsIfRange('Tuesday, 01-Jan-30 00:00:00 GMT', head, start)).toBe(true);
    expect(meetsIfRange('Tue, 01 Jan 2030 00:00:00 GMT', head, start)).toBe(false);
  });
});
