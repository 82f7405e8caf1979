import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freshenHead } from '../../src/core/freshening.ts';
import { invalidatedUris } from '../../src/core/invalidation.ts';
import { evaluatePreconditions, notModifiedHead } from '../../src/core/preconditions.ts';
import { decideReuse } from '../../src/core/reuse-decision.ts';
import { mayServeStale } from '../../src/core/stale-on-failure.ts';
import { decideStorage, type StorageRefusal } from '../../src/core/storage-decision.ts';
import { decideValidation } from '../../src/core/validation.ts';
import { anyMode, anyRequest, anyResponse, anyRules, anyTime, anyTimes, policyFor } from './arbitraries.ts';
import { storedHead } from './messages.ts';

describe('a decision, whatever it is asked', () => {
  const stored = fc
    .tuple(anyResponse, anyRules, anyTimes)
    .map(([response, given, at]) => ({ response, policy: policyFor(response, given, at) }));

  it('about reuse is one of a closed list (RFC 9111 §4)', () => {
    const useReasons = ['fresh', 'forced', 'max-stale', 'stale-while-revalidate'];
    fc.assert(
      fc.property(stored, anyRequest, anyMode, anyRules, anyTime, ({ policy }, request, mode, rules, now) => {
        const decision = decideReuse({ policy, request, mode, rules, now });
        switch (decision.kind) {
          case 'use-stored':
            expect(useReasons).toContain(decision.reason);
            expect(decision.stale).toBe(decision.freshForMs <= 0);
            expect(decision.stale && decision.reason === 'fresh').toBe(false);
            return;
          case 'validate':
            expect(['request', 'stale']).toContain(decision.reason);
            return;
          case 'forward':
            expect(decision.reason).toBe('request');
        }
      }),
    );
  });

  it('about storing is one of a closed list (RFC 9111 §3)', () => {
    const refusals: readonly StorageRefusal[] = [
      'method',
      'status',
      'request-no-store',
      'response-no-store',
      'private',
      'authorization',
      'vary',
      'not-reusable',
      'partial',
      'mode',
      'upgraded',
    ];
    fc.assert(
      fc.property(
        anyRequest,
        anyResponse,
        anyMode,
        anyRules,
        anyTimes,
        (request, response, mode, rules, at) => {
          const policy = (): ReturnType<typeof policyFor> => policyFor(response, rules, at);
          const decision = decideStorage({ request, response, mode, rules, policy });
          if (decision.kind === 'do-not-store') expect(refusals).toContain(decision.reason);
          else expect(decision.kind).toBe('store');
        },
      ),
    );
  });

  it('about an answer to a validation is one of a closed list (RFC 9111 §4.3.3)', () => {
    fc.assert(
      fc.property(
        stored,
        anyRequest,
        anyResponse,
        fc.boolean(),
        ({ response, policy }, { headers: request }, answer, conditional) => {
          const head = storedHead(response.headers, response.status);
          const decision = decideValidation({
            stored: policy,
            storedHead: head,
            answer,
            conditional,
            request,
          });
          const own = conditional ? ['freshen', 'retry'] : ['freshen-and-pass', 'pass'];
          expect(answer.status === 304 ? own : ['pass']).toContain(decision.kind);
          expect(freshenHead(head, answer).status).toBe(response.status);
        },
      ),
    );
  });

  it('about standing in for a failed origin is yes or no (RFC 9111 §4.2.4)', () => {
    const failure = fc.oneof(
      fc.constant({ kind: 'unreachable' } as const),
      fc.integer({ min: 100, max: 599 }).map((status) => ({ kind: 'error-status', status }) as const),
    );
    fc.assert(
      fc.property(
        stored,
        anyRequest,
        anyRules,
        anyTime,
        failure,
        ({ policy }, request, rules, now, failure) => {
          expect(mayServeStale({ policy, request, rules, now, failure })).toBeTypeOf('boolean');
        },
      ),
    );
  });

  it("about a request's precondition is one of a closed list (RFC 9111 §4.3.2)", () => {
    fc.assert(
      fc.property(anyRequest, anyResponse, anyTime, (request, response, now) => {
        const result = evaluatePreconditions(request.headers, response, now);
        expect(['not-modified', 'send', 'forward']).toContain(result);
        const names = new Set(response.headers.map(([name]) => name));
        expect(notModifiedHead(response).headers.every(([name]) => names.has(name))).toBe(true);
      }),
    );
  });

  it('about what to invalidate stays at the origin of the request (RFC 9111 §4.4)', () => {
    fc.assert(
      fc.property(anyRequest, anyResponse, (request, response) => {
        const origins = invalidatedUris(request, response).map((uri) => new URL(uri).origin);
        expect(new Set([...origins, new URL(request.url).origin]).size).toBe(1);
      }),
    );
  });
});
