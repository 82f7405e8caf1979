import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHttpDate } from '../../src/core/http-date.ts';

const now = Date.UTC(2030, 0, 2);
const expected = Date.UTC(1994, 10, 6, 8, 49, 37);

describe('RFC 9110 §5.6.7 HTTP-date', () => {
  it.each([
    'Sun, 06 Nov 1994 08:49:37 GMT',
    'Sunday, 06-Nov-94 08:49:37 GMT',
    'Sun Nov  6 08:49:37 1994',
    'SUN, 06 NOV 1994 08:49:37 gMT',
  ])('reads %j', (text) => {
    expect(parseHttpDate(text, now)).toBe(expected);
  });

  it.each([
    '',
    '0',
    '-1',
    'tomorrow',
    'Sun, 06 Nov 1994 08:49:37',
    'Sun, 06 Nov 1994 08:49:37 UTC',
    'Sun, 06 Nov 1994 08:49:37 +0000',
    'Sun, 06 Nov 94 08:49:37 GMT',
    'Sun 06 Nov 1994 08:49:37 GMT',
    'Sun, 06  Nov  1994 08:49:37 GMT',
    'Sun, 06-Nov-1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 08.49.37 GMT',
    'Sun, 06 Nov 1994 8:49:37 GMT',
    'Sun, 6 Nov 1994 08:49:37 GMT',
    'Sun, 31 Nov 1994 08:49:37 GMT',
    'Sun, 00 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 24:49:37 GMT',
    'Sun, 06 Nov 1994 08:60:37 GMT',
    'Sun, 06 Nov 1994 08:49:61 GMT',
    'Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT',
    '1994-11-06T08:49:37Z',
  ])('refuses %j', (text) => {
    expect(parseHttpDate(text, now)).toBeUndefined();
  });

  it.each([
    { years: '94', now: Date.UTC(2030, 0, 1), year: 1994 },
    { years: '79', now: Date.UTC(2030, 0, 1), year: 2079 },
    { years: '81', now: Date.UTC(2030, 0, 1), year: 1981 },
    { years: '80', now: Date.UTC(2030, 10, 6, 8, 49, 37), year: 2080 },
    { years: '80', now: Date.UTC(2030, 10, 6, 8, 49, 36), year: 1980 },
    { years: '10', now: Date.UTC(2095, 0, 1), year: 2110 },
    { years: '99', now: Date.UTC(2030, 0, 1), year: 1999 },
  ])('takes the year $years for $year', (row) => {
    const parsed = parseHttpDate(`Sunday, 06-Nov-${row.years} 08:49:37 GMT`, row.now);
    expect(parsed).toBe(Date.UTC(row.year, 10, 6, 8, 49, 37));
  });

  it('reads years below 100 and leap seconds', () => {
    const year50 = parseHttpDate('Sun, 06 Nov 0050 08:49:37 GMT', now);
    expect(new Date(year50 ?? NaN).getUTCFullYear()).toBe(50);
    expect(parseHttpDate('Sat, 31 Dec 2016 23:59:60 GMT', now)).toBe(Date.UTC(2017, 0, 1));
  });

  it('never throws, and gives a time or nothing', () => {
    const text = fc.oneof(
      fc.string(),
      fc.stringMatching(/^(Sun|Sunday),? \d\d[ -](Feb|Nov)[ -]\d{2,4} \d\d:\d\d:\d\d GMT$/),
    );
    fc.assert(
      fc.property(text, (value) => {
        const time = parseHttpDate(value, now);
        return time === undefined || Number.isSafeInteger(time);
      }),
    );
  });

  it('reads back every date that is written as an IMF-fixdate', () => {
    const seconds = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) / 1000 });
    fc.assert(
      fc.property(seconds, (time) => parseHttpDate(new Date(time * 1000).toUTCString(), now) === time * 1000),
    );
  });
});
