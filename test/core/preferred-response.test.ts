import { describe, expect, it } from 'vitest';
import { suffixName } from '../../src/core/cache-key.ts';
import type { SelectingField } from '../../src/core/policy-types.ts';
import { isPreferred, type MatchingResponse } from '../../src/core/preferred-response.ts';
import { httpDate, policyOf, second, start, storedHead } from './messages.ts';

function matching(
  date: number | undefined,
  selecting: readonly SelectingField[] = [],
  responseTime = start,
): MatchingResponse {
  const headers = date === undefined ? {} : { Date: httpDate(date) };
  return {
    head: storedHead(Object.entries(headers)),
    policy: { ...policyOf(headers, { selecting, responseTime }) },
  };
}

describe('RFC 9111 §4.1 of several stored responses that match', () => {
  it('the more recent by Date is chosen, whichever came last', () => {
    const older = matching(start - second, [], start + second);
    const newer = matching(start);
    expect(isPreferred(newer, older, true)).toBe(true);
    expect(isPreferred(older, newer, true)).toBe(false);
  });

  it('the one that came last is chosen of one second, or without Date', () => {
    expect(isPreferred(matching(start, [], start + 2), matching(start, [], start + 1), true)).toBe(true);
    expect(isPreferred(matching(start, [], start + 1), matching(start, [], start + 2), true)).toBe(false);
    const undated = matching(undefined, [], start + second);
    expect(isPreferred(undated, matching(start), true)).toBe(true);
    expect(isPreferred(matching(start + 2 * second), undated, true)).toBe(true);
  });

  it('one for the credentials of the request is chosen before one for anybody', () => {
    const { head, policy } = matching(start - second);
    const own = { head, policy: { ...policy, credentials: 'digest' } };
    const anybodys = matching(start, [['accept-language', 'de']]);
    expect(isPreferred(own, anybodys, true)).toBe(true);
    expect(isPreferred(anybodys, own, true)).toBe(false);
  });

  it('one for the credentials of the request is not chosen before a later one that is public', () => {
    const { head, policy } = matching(start - second);
    const own = { head, policy: { ...policy, credentials: 'digest' } };
    const later = matching(start);
    const shared = {
      ...later,
      policy: { ...later.policy, directives: { ...policy.directives, public: true } },
    };
    expect(isPreferred(own, shared, true)).toBe(false);
    expect(isPreferred(shared, own, true)).toBe(true);
    expect(isPreferred(later, shared, true)).toBe(false);
  });

  it('one that request fields selected is chosen before one without Vary', () => {
    const selected = matching(start - second, [['accept-language', 'de']]);
    const suffixed = matching(start, [[suffixName, 'a']]);
    expect(isPreferred(selected, matching(start), true)).toBe(true);
    expect(isPreferred(selected, suffixed, true)).toBe(true);
    expect(isPreferred(suffixed, selected, true)).toBe(false);
  });

  it('credentials weigh nothing where the request has none', () => {
    const older = matching(start - second);
    const open = {
      ...older,
      policy: { ...older.policy, directives: { ...older.policy.directives, public: true } },
    };
    expect(isPreferred(matching(start), open, false)).toBe(true);
    expect(isPreferred(open, matching(start), false)).toBe(false);
    expect(isPreferred(open, matching(start), true)).toBe(true);
  });
});
