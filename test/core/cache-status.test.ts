import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cacheStatusValue, type CacheStatus } from '../../src/core/cache-status.ts';

const nothing = { freshForMs: undefined, stored: false, collapsed: false, forwardStatus: undefined };

describe('RFC 9211 §2 Cache-Status', () => {
  it.each<[Pick<CacheStatus, 'outcome' | 'reason'> & Partial<CacheStatus>, string]>([
    [{ outcome: 'hit', reason: 'fresh', freshForMs: 1999, stored: true }, 'hit; ttl=1'],
    [{ outcome: 'hit', reason: 'forced', freshForMs: 5000 }, 'hit; ttl=5; detail="forced"'],
    [{ outcome: 'stale', reason: 'max-stale', freshForMs: -1500 }, 'hit; ttl=-2; detail="max-stale"'],
    [
      { outcome: 'stale', reason: 'stale-if-error', freshForMs: -1, forwardStatus: 503 },
      'fwd=stale; fwd-status=503; ttl=-1; detail="stale-if-error"',
    ],
    [{ outcome: 'stale', reason: 'disconnected' }, 'fwd=stale; detail="disconnected"'],
    [
      { outcome: 'revalidated', reason: 'validated', forwardStatus: 304, stored: true },
      'fwd=stale; fwd-status=304',
    ],
    [
      { outcome: 'revalidated', reason: 'validated', forwardReason: 'request', forwardStatus: 304 },
      'fwd=request; fwd-status=304',
    ],
    [{ outcome: 'bypass', reason: 'method', stored: true }, 'fwd=method; stored'],
    [{ outcome: 'revalidated', reason: 'validated', forwardReason: 'vary-miss' }, 'fwd=vary-miss'],
    [{ outcome: 'stale', reason: 'disconnected', forwardReason: 'fault' }, 'fwd=miss; detail="disconnected"'],
    [{ outcome: 'stale', reason: 'max-stale', forwardReason: 'request' }, 'hit; detail="max-stale"'],
    [
      { outcome: 'miss', reason: 'uri-miss', forwardStatus: 200, stored: true },
      'fwd=uri-miss; fwd-status=200; stored',
    ],
    [
      { outcome: 'miss', reason: 'uri-miss', forwardStatus: 200, stored: true, collapsed: true },
      'fwd=uri-miss; fwd-status=200; stored; collapsed',
    ],
    [{ outcome: 'miss', reason: 'vary-miss', forwardStatus: 200 }, 'fwd=vary-miss; fwd-status=200'],
    [{ outcome: 'miss', reason: 'request' }, 'fwd=request'],
    [{ outcome: 'miss', reason: 'fault' }, 'fwd=miss; detail="fault"'],
    [{ outcome: 'bypass', reason: 'method' }, 'fwd=method'],
    [{ outcome: 'bypass', reason: 'method', stored: true }, 'fwd=method; stored'],
    [{ outcome: 'bypass', reason: 'range' }, 'fwd=bypass; detail="range"'],
    [{ outcome: 'hit', reason: 'a"b\\c\u00e9\n' }, 'hit; detail="a\\"b\\\\c??"'],
    [{ outcome: 'unsatisfiable', reason: 'stale' }, ''],
  ])('%j: %s', (given, expected) => {
    const value = cacheStatusValue({ ...nothing, ...given });
    expect(value).toBe(['http-larder', expected].filter((part) => part !== '').join('; '));
  });

  it('is a valid structured field, whatever it is told', () => {
    const member =
      /^http-larder(; hit|; fwd=[a-z-]+)?(; fwd-status=\d+)?(; stored)?(; collapsed)?(; ttl=-?\d{1,15})?(; detail="([ !#-[\]-~]|\\["\\])*")?$/;
    const outcome = fc.constantFrom<CacheStatus['outcome']>(
      'hit',
      'stale',
      'revalidated',
      'miss',
      'unsatisfiable',
      'bypass',
    );
    const status = fc.option(fc.integer({ min: 100, max: 599 }), { nil: undefined });
    const time = fc.option(fc.double({ noNaN: true }), { nil: undefined });
    fc.assert(
      fc.property(
        outcome,
        fc.string({ unit: fc.constantFrom(...'a-"\\\n\0é😀;') }),
        fc.boolean(),
        fc.boolean(),
        time,
        status,
        (...given) => {
          const [outcome, reason, stored, collapsed, freshForMs, forwardStatus] = given;
          expect(cacheStatusValue({ outcome, reason, stored, collapsed, freshForMs, forwardStatus })).toMatch(
            member,
          );
        },
      ),
    );
  });
});
