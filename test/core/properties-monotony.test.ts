import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RequestHead, ResponseHead } from '../../src/core/message.ts';
import { decideReuse, type ReuseDecision, type ReuseInput } from '../../src/core/reuse-decision.ts';
import { mayBeCollapsed } from '../../src/core/sharing.ts';
import { mayServeStale } from '../../src/core/stale-on-failure.ts';
import { decideStorage, type StorageInput } from '../../src/core/storage-decision.ts';
import { anyMode, anyRequest, anyResponse, anyRules, anyTime, anyTimes, policyFor } from './arbitraries.ts';

/** How far a decision goes in answering from the store. */
function readiness(decision: ReuseDecision): number {
  switch (decision.kind) {
    case 'use-stored':
      return decision.stale ? 2 : 3;
    case 'validate':
      return 1;
    case 'forward':
      return 0;
  }
}

function saying<Head extends RequestHead | ResponseHead>(head: Head, directive: string): Head {
  return { ...head, headers: [...head.headers, ['Cache-Control', directive]] };
}

/** §5.4: `Pragma` counts only as long as there is no Cache-Control, so any directive at all would take it away. */
const requestWithoutPragma = anyRequest.map((request) => ({
  ...request,
  headers: request.headers.filter(([name]) => name !== 'Pragma'),
}));

const asked = fc.record({
  request: requestWithoutPragma,
  response: anyResponse,
  mode: anyMode,
  rules: anyRules,
  times: anyTimes,
  now: anyTime,
});

type Asked = typeof asked extends fc.Arbitrary<infer Value> ? Value : never;

function reuseInput({ response, rules, times, ...input }: Asked): ReuseInput {
  return { ...input, rules, policy: policyFor(response, rules, times) };
}

function storageInput({ request, response, mode, rules, times }: Asked): StorageInput {
  return { request, response, mode, rules, policy: () => policyFor(response, rules, times) };
}

const unreachable = { kind: 'unreachable' } as const;
const unavailable = { kind: 'error-status', status: 503 } as const;

/** Expects that nothing is answered from the store after a change that was not before it. */
function expectNoMoreReuse(before: Asked, after: Asked): void {
  const [inputBefore, inputAfter] = [reuseInput(before), reuseInput(after)];
  expect(readiness(decideReuse(inputAfter))).toBeLessThanOrEqual(readiness(decideReuse(inputBefore)));
  for (const failure of [unreachable, unavailable]) {
    if (mayServeStale({ ...inputAfter, failure }))
      expect(mayServeStale({ ...inputBefore, failure })).toBe(true);
  }
}

const runs = { numRuns: 300 };

describe('reuse never becomes more likely', () => {
  // §5.2.2.7: private binds shared caches only; to a private one it is a permission to store.
  it('when a response says no-store or no-cache too, or private to a shared cache (RFC 9111 §5.2.2)', () => {
    fc.assert(
      fc.property(asked, fc.constantFrom('no-store', 'no-cache', 'private'), (before, directive) => {
        fc.pre(directive !== 'private' || before.rules.shared);
        expectNoMoreReuse(before, { ...before, response: saying(before.response, directive) });
      }),
      runs,
    );
  });

  it('when a request says no-cache, max-age or min-fresh too (RFC 9111 §5.2.1)', () => {
    const directive = fc.oneof(
      fc.constant('no-cache'),
      fc
        .tuple(fc.constantFrom('max-age', 'min-fresh'), fc.nat(200))
        .map(([name, seconds]) => `${name}=${seconds}`),
    );
    fc.assert(
      fc.property(asked, directive, (before, directive) => {
        // RFC 8246 §2: of max-age only 0, a reload, may be answered with an immutable response.
        fc.pre(directive !== 'max-age=0' || !before.rules.immutable);
        const after = { ...before, request: saying(before.request, directive) };
        expectNoMoreReuse(before, after);
        if (mayBeCollapsed(after.request, after.mode))
          expect(mayBeCollapsed(before.request, before.mode)).toBe(true);
      }),
      runs,
    );
  });

  it('with time (RFC 9111 §4.2)', () => {
    fc.assert(
      fc.property(asked, fc.nat(1e6), (before, elapsed) => {
        expectNoMoreReuse(before, { ...before, now: before.now + elapsed });
      }),
      runs,
    );
  });
});

describe('storing never becomes more likely', () => {
  it('when a response says no-store or no-cache too, or private to a shared cache (RFC 9111 §3)', () => {
    fc.assert(
      fc.property(asked, fc.constantFrom('no-store', 'no-cache', 'private'), (before, directive) => {
        fc.pre(directive !== 'private' || before.rules.shared);
        const after = { ...before, response: saying(before.response, directive) };
        if (decideStorage(storageInput(after)).kind === 'store') {
          expect(decideStorage(storageInput(before)).kind).toBe('store');
        }
      }),
      runs,
    );
  });

  it('when a request says no-store, no-cache, max-age or min-fresh too (RFC 9111 §5.2.1)', () => {
    const directive = fc.constantFrom('no-store', 'no-cache', 'max-age=0', 'max-age=9', 'min-fresh=9');
    fc.assert(
      fc.property(asked, directive, (before, directive) => {
        const after = { ...before, request: saying(before.request, directive) };
        if (decideStorage(storageInput(after)).kind === 'store') {
          expect(decideStorage(storageInput(before)).kind).toBe('store');
        }
      }),
      runs,
    );
  });
});
