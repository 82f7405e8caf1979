import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideStorage } from '../../src/core/storage-decision.ts';
import { storedShape } from '../../src/core/stored-shape.ts';
import {
  anyMode,
  anyRequest,
  anyResponse,
  anyRules,
  anyTimes,
  hostileText,
  policyFor,
} from './arbitraries.ts';
import { storedHead } from './messages.ts';

describe('RFC 9111 §5.2.2.5 no-store', () => {
  /** §5.2.2.3 and RFC 9213 §2.2: only these may take its force away. */
  const unqualified = anyResponse.map((response) => ({
    ...response,
    headers: response.headers.filter(
      ([name, value]) => name !== 'CDN-Cache-Control' && !/must-understand/i.test(value),
    ),
  }));
  const mode = anyMode.filter((name) => name !== 'ignore-rules');

  it('of a response is never stored, whatever stands beside it', () => {
    const noStore = fc.constantFrom(
      'no-store',
      'No-Store',
      'public, no-store, max-age=60',
      'no-store=1',
      'a; no-store',
    );
    fc.assert(
      fc.property(
        anyRequest,
        unqualified,
        noStore,
        mode,
        anyRules,
        anyTimes,
        fc.nat(8),
        (request, given, value, mode, rules, times, at) => {
          const headers = given.headers.toSpliced(at, 0, ['Cache-Control', value]);
          const response = { ...given, headers };
          const policy = (): ReturnType<typeof policyFor> => policyFor(response, rules, times);
          expect(decideStorage({ request, response, mode, rules, policy }).kind).toBe('do-not-store');
        },
      ),
    );
  });
});

describe('what is stored', () => {
  const stored = fc
    .tuple(anyResponse, anyRules, anyTimes)
    .map(([response, rules, times]) => ({ response, policy: policyFor(response, rules, times) }));

  it('is the same after JSON, and usable', () => {
    fc.assert(
      fc.property(anyResponse, anyRules, anyTimes, (response, rules, times) => {
        const status = Math.max(200, response.status);
        const headers = response.headers.map(([name, value]) => [name, value.replaceAll('\0', '')] as const);
        const policy = policyFor({ ...response, headers }, rules, times);
        const head = storedHead(headers, status);
        const read: unknown = JSON.parse(JSON.stringify({ head, policy }));
        expect(read).toStrictEqual({ head, policy });
        expect(storedShape({ head, policy: JSON.parse(JSON.stringify(policy)) })).toBe('usable');
      }),
    );
  });

  it('is not usable with a control character in a field (RFC 9110 §5.5)', () => {
    const character = fc.constantFrom('\0', '\r', '\n');
    fc.assert(
      fc.property(stored, hostileText, character, fc.boolean(), ({ policy }, text, character, isName) => {
        const bad = `${text}${character}${text}`;
        const head = storedHead([isName ? [bad, 'a'] : ['A', bad]]);
        expect(storedShape({ head, policy })).toBe('unusable');
      }),
    );
  });

  it('is told from anything else', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (head, policy) => {
        expect(['newer', 'unusable']).toContain(storedShape({ head, policy }));
      }),
    );
  });

  it('is not usable without anything that it needs', () => {
    const needed = [
      ...['v', 'kind', 'id', 'epoch', 'method', 'requestTime', 'responseTime', 'initialAgeMs', 'freshness'],
      ...['directives', 'selecting', 'credentials'],
    ];
    fc.assert(
      fc.property(stored, fc.constantFrom(...needed), ({ policy }, name) => {
        expect(storedShape({ head: storedHead([]), policy: { ...policy, [name]: undefined } })).toBe(
          'unusable',
        );
      }),
    );
  });
});
