import { describe, expect, it } from 'vitest';
import { initialAgeMs } from '../../src/core/initial-age.ts';
import { hour, second, start } from './messages.ts';

const fresh = { age: undefined, date: start, requestTime: start, responseTime: start };

describe('RFC 9111 §4.2.3 corrected initial age', () => {
  it('is the time since Date where that is more than Age says', () => {
    expect(initialAgeMs({ ...fresh, date: start - 2 * hour, age: '60' })).toBe(2 * hour);
  });

  it('is Age and the time that the response took where that is more than Date says', () => {
    const requestTime = start - 3 * second;
    expect(initialAgeMs({ ...fresh, age: '60', requestTime })).toBe(63 * second);
    expect(initialAgeMs({ ...fresh, requestTime })).toBe(3 * second);
  });

  it('takes a Date of the current second for now', () => {
    expect(initialAgeMs({ ...fresh, requestTime: start + 999, responseTime: start + 999 })).toBe(0);
    expect(initialAgeMs({ ...fresh, requestTime: start + 1000, responseTime: start + 1000 })).toBe(second);
  });

  it('is not negative when Date lies ahead, or the clock was set back meanwhile', () => {
    expect(initialAgeMs({ ...fresh, date: start + hour })).toBe(0);
    expect(initialAgeMs({ ...fresh, requestTime: start + hour })).toBe(0);
  });
});

describe('RFC 9111 §5.1 Age', () => {
  it.each([
    ['7200', 7200],
    ['7200, 0', 7200],
    ['0, 7200', 0],
    [' 5 ', 5],
    ['99999999999999999999', 2 ** 31],
    ['-7200', 0],
    ['7200.0', 0],
    ['7200;foo=1', 0],
    ['abc', 0],
    ['', 0],
  ])('takes %j for %d seconds', (age, seconds) => {
    expect(initialAgeMs({ ...fresh, age })).toBe(seconds * second);
  });
});
