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
    expect(isPreferred(newer, older)).toBe(true);
    expect(isPreferred(older, newer)).toBe(false);
  });

  it('the one that came last is chosen of one second, or without Date', () => {
    expect(isPreferred(matching(start, [], start + 2), matching(start, [], start + 1))).toBe(true);
    expect(isPreferred(matching(start, [], start + 1), matching(start, [], start + 2))).toBe(false);
    const undated = matching(undefined, [], start + second);
    expect(isPreferred(undated, matching(start))).toBe(true);
    expect(isPreferred(matching(start + 2 * second), undated)).toBe(true);
  });

  it('one for the credentials of the request is chosen before one for anybody', () => {
    const { head, policy } = matching(start - second);
    const own = { head, policy: { ...policy, credentials: 'digest' } };
    const anybodys = matching(start, [['accept-language', 'de']]);
    expect(isPreferred(own, anybodys)).toBe(true);
    expect(isPreferred(anybodys, own)).toBe(false);
  });

  it('one for the credentials of the request is not chosen before a later one that is public', () => {
    const { head, policy } = matching(start - second);
    const own = { head, policy: { ...policy, credentials: 'digest' } };
    const later = matching(start);
    const shared = {
      ...later,
      policy: { ...later.policy, directives: { ...policy.directives, public: true } },
    };
    expect(isPreferred(own, shared)).toBe(false);
    expect(isPreferred(shared, own)).toBe(true);
    expect(isPreferred(later, shared)).toBe(false);
  });

  it('one that request fields selected is chosen before one without Vary', () => {
    const selected = matching(start - second, [['accept-language', 'de']]);
    const suffixed = matching(start, [[suffixName, 'a']]);
    expect(isPreferred(selected, matching(start))).toBe(true);
    expect(isPreferred(selected, suffixed)).toBe(true);
    expect(isPreferred(suffixed, selected)).toBe(false);
  });
});
