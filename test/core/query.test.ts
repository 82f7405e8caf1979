import { describe, expect, it } from 'vitest';
import { withoutParameters } from '../../src/core/query.ts';

const url = 'http://a.test/x';

describe('parameters taken out of a query', () => {
  it.each([
    ['?a=1&b=2', '?b=2'],
    ['?b=2&a=1&a&a=', '?b=2'],
    ['?a=1', ''],
    ['', ''],
    ['?', '?'],
    ['?%61=1&b=%61', '?b=%61'],
    ['?b=a&aa=1&A=1&&c+d', '?b=a&aa=1&A=1&&c+d'],
    ['?%=1&%zz=2', '?%=1&%zz=2'],
    ['?b=2?a=1', '?b=2?a=1'],
  ])('%s becomes %s without a', (query, expected) => {
    expect(withoutParameters(url + query, (name) => name === 'a')).toBe(url + expected);
  });

  it('are found by their decoded names', () => {
    expect(withoutParameters(`${url}?a%20b=1&a+b=2&c`, (name) => name === 'a b')).toBe(`${url}?c`);
  });
});
