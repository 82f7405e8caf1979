import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../../src/cli/text/duration.ts';

describe('a duration', () => {
  it.each([
    ['90s', 90_000],
    ['15m', 900_000],
    ['12h', 43_200_000],
    ['7d', 604_800_000],
    ['0s', 0],
  ])('is read: %s', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(['', '7', 'd', '7 d', '-7d', '1.5h', '7D', '7w', '1h30m', '1e3s', '9999999999s'])(
    'is not %j',
    (text) => expect(parseDuration(text)).toBeUndefined(),
  );

  it.each([
    [-5, '0s'],
    [0, '0s'],
    [999, '0s'],
    [119_999, '119s'],
    [120_000, '2m'],
    [7_199_999, '119m'],
    [7_200_000, '2h'],
    [172_799_999, '47h'],
    [172_800_000, '2d'],
  ])('of %d ms is written %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it('is read as it is written, but for what is less than a unit', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1e12 }), (ms) => {
        const read = parseDuration(formatDuration(ms)) ?? NaN;
        expect(read).toBeLessThanOrEqual(ms);
        expect(read).toBeGreaterThanOrEqual(ms < 2_000 ? ms - 1_000 : ms / 1.5);
      }),
    );
  });
});
