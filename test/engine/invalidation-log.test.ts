import { describe, expect, it } from 'vitest';
import { InvalidationLog } from '../../src/engine/invalidation-log.ts';

describe('the log of invalidations', () => {
  it('holds the latest of one key, in whatever order they are noted', () => {
    const log = new InvalidationLog();
    log.note('key', 2);
    log.note('key', 1);
    expect(log.covers('key', 2)).toBe(true);
    log.confirmed('key', 1);
    expect(log.covers('key', 2)).toBe(true);
    log.confirmed('key', 2);
    expect(log.covers('key', 1)).toBe(false);
  });
});
