import { describe, expect, it } from 'vitest';
import { requestDirectives, wantsOnlyIfCached } from '../../src/core/request-directives.ts';
import { lines } from './messages.ts';

describe('RFC 9111 §5.2.1 directives of a request', () => {
  it('finds none in a request without Cache-Control and Pragma', () => {
    expect(requestDirectives(lines({ Accept: '*/*' }))).toBeUndefined();
    expect(requestDirectives(lines({ Pragma: 'x' }))).toBeUndefined();
  });

  it('reads every line of Cache-Control', () => {
    const headers = [...lines({ 'CACHE-CONTROL': 'max-age=1' }), ...lines({ 'cache-control': 'no-store' })];
    expect(requestDirectives(headers)).toMatchObject({ maxAgeSeconds: 1, noStore: true });
  });

  it('knows only-if-cached (§5.2.1.7)', () => {
    expect(wantsOnlyIfCached(lines({ 'Cache-Control': 'Only-If-Cached' }))).toBe(true);
    expect(wantsOnlyIfCached(lines({ 'Cache-Control': 'x="only-if-cached"' }))).toBe(false);
    expect(wantsOnlyIfCached(lines({ Pragma: 'only-if-cached' }))).toBe(false);
  });
});
