import { describe, expect, it } from 'vitest';
import { losses } from '../../bench/check/losses.mjs';

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
});
