import { describe, expect, it } from 'vitest';
import { decideReuse } from '../../src/core/reuse-decision.ts';
import { policyOf, privateRules, request, second, start } from './messages.ts';

/** What becomes of a request ten seconds after the response became stale. */
function asked(fields: Readonly<Record<string, string>>, method = 'GET'): string {
  const decision = decideReuse({
    policy: policyOf({ 'Cache-Control': 'max-age=60, stale-while-revalidate=600' }),
    request: request(fields, method),
    mode: 'default',
    rules: privateRules,
    now: start + 70 * second,
  });
  return `${decision.kind}: ${decision.reason}`;
}

describe('RFC 5861 §3 a stale response that may be reused while it is validated', () => {
  it.each([{}, { 'Cache-Control': 'no-store' }, { 'If-Range': '"a"' }])('answers a GET with %j', (fields) => {
    expect(asked(fields)).toBe('use-stored: stale-while-revalidate');
  });

  it.each([{ 'Cache-Control': 'max-age=1000' }, { 'Cache-Control': 'max-stale=5' }])(
    'does not answer a GET with %j, which takes none so stale (RFC 9111 §5.2.1)',
    (fields) => {
      expect(asked(fields)).toBe('validate: stale');
    },
  );

  it.each([{ 'Cache-Control': 'only-if-cached' }, { 'If-None-Match': '"a"' }, { Range: 'bytes=0-1' }])(
    'does not answer a GET with %j, whose like would not validate it',
    (fields) => {
      expect(asked(fields)).toBe('validate: stale');
    },
  );

  it('does not answer a HEAD, whose like would not validate it', () => {
    expect(asked({}, 'HEAD')).toBe('validate: stale');
  });
});
