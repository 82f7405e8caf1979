import { describe, expect, it } from 'vitest';
import type { Measured, Row } from '../../bench/result.mjs';
import { losses, notCompared } from '../../bench/check/losses.mjs';

const spread = (p10: number, median: number, p90: number) => ({ p10, median, p90 });

const comparison = (better: 'less' | 'more', ratio: ReturnType<typeof spread>, peer = false) => ({
  id: 'axios-hits',
  section: 'hits',
  date: '2026-01-31',
  title: 'axios: a hit',
  unit: 'us' as const,
  better,
  rows: [{ id: 'memory', name: 'memory', value: spread(40, 50, 60), ratio, peer }],
});

const growth = (difference: number) => ({
  ...comparison('less', spread(1, 1, 1)),
  rows: [{ id: 'disk', name: 'disk', value: spread(90, 90, 90), difference }],
});

const rowsOf = (row: Partial<Row>, about: Partial<Measured> = {}): Measured[] => [
  {
    ...comparison('less', spread(1, 1, 1)),
    rows: [{ id: 'memory', name: 'memory', value: spread(40, 50, 60), ...row }],
    ...about,
  },
];

const unmeasured = { id: 'disk', name: 'disk', value: spread(NaN, NaN, NaN), difference: NaN };

describe('a loss of speed', () => {
  const kept = [comparison('less', spread(1, 1.1, 1.3))];

  it('is told with the row, and what it was', () => {
    expect(losses(kept, [comparison('less', spread(1.2, 1.4, 1.5))])).toEqual([
      { section: 'hits', id: 'axios-hits/memory', text: 'axios: a hit: memory: 1.40 x, was 1.10 x' },
    ]);
  });

  it('is none where more is worse by less than a tenth', () => {
    expect(losses(kept, [comparison('less', spread(1.15, 1.2, 1.3))])).toEqual([]);
  });

  it('is none where the better end of what was measured is as good as before', () => {
    expect(losses(kept, [comparison('less', spread(1.05, 1.4, 2))])).toEqual([]);
  });

  it('is none where it got better', () => {
    expect(losses(kept, [comparison('less', spread(0.8, 0.9, 1))])).toEqual([]);
  });

  it('is seen where more is better, too', () => {
    const fast = [comparison('more', spread(0.8, 0.9, 1))];
    expect(losses(fast, [comparison('more', spread(0.6, 0.7, 0.8))])).toHaveLength(1);
    expect(losses(fast, [comparison('more', spread(0.9, 1, 1.1))])).toEqual([]);
  });

  it('is seen in memory, by megabytes', () => {
    expect(losses([growth(10)], [growth(19)])).toHaveLength(1);
    expect(losses([growth(10)], [growth(17)])).toEqual([]);
  });

  it('is none of other caches, or of what was not measured before', () => {
    expect(losses(kept, [comparison('less', spread(2, 2, 2), true)])).toEqual([]);
    expect(losses([], [comparison('less', spread(2, 2, 2))])).toEqual([]);
  });

  it('is none of clients without a cache', () => {
    const alone = (ratio: number) => rowsOf({ id: 'axios-alone', ratio: spread(ratio, ratio, ratio) });
    expect(losses(alone(1), alone(2))).toEqual([]);
  });

  it('is seen in what is counted, however little, and in bytes of code by a twentieth', () => {
    const asked = (value: number) => rowsOf({ value: spread(value, value, value) }, { unit: 'requests' });
    expect(losses(asked(1), asked(2))).toMatchObject([
      { text: 'axios: a hit: memory: 2 requests, was 1 requests' },
    ]);
    expect(losses(asked(1), asked(1))).toEqual([]);
    const loaded = (value: number) => rowsOf({ value: spread(value, value, value) }, { unit: 'KB' });
    expect(losses(loaded(100), loaded(106))).toHaveLength(1);
    expect(losses(loaded(100), loaded(104))).toEqual([]);
  });

  it('is seen beside another row, where the goal is a time', () => {
    const beside = (ratio: number) => rowsOf({ beside: spread(ratio, ratio, ratio) });
    expect(losses(beside(0.02), beside(0.03))).toMatchObject([
      { text: 'axios: a hit: memory: 0.030 x, was 0.020 x' },
    ]);
  });

  it('is as large as the noise that the comparison has', () => {
    const noisy = (ratio: number) => rowsOf({ ratio: spread(ratio, ratio, ratio) }, { noise: 1 });
    expect(losses(noisy(1), noisy(1.9))).toEqual([]);
    expect(losses(noisy(1), noisy(2.1))).toHaveLength(1);
  });

  it('is none of what could not be measured', () => {
    expect(losses([growth(10)], [{ ...growth(NaN), rows: [unmeasured] }])).toEqual([]);
  });
});

describe('what is not compared', () => {
  it('is told: rows of ours that are no longer measured, or not kept yet', () => {
    expect(notCompared(rowsOf({ id: 'disk' }), rowsOf({}))).toEqual([
      'axios-hits/disk was not measured',
      'axios-hits/memory is not kept yet',
    ]);
    expect(notCompared(rowsOf({}), rowsOf({}))).toEqual([]);
  });

  it('is nothing of sections that did not run', () => {
    expect(notCompared(rowsOf({}, { section: 'misses' }), rowsOf({}))).toEqual([
      'axios-hits/memory is not kept yet',
    ]);
  });
});
