import { describe, expect, it } from 'vitest';
import type { FieldLines } from '../../src/core/message.ts';
import { responseDirectives } from '../../src/core/response-directives.ts';
import { privateRules } from './messages.ts';

const rules = { ...privateRules, targetedCacheControl: ['larder-cache-control', 'cdn-cache-control'] };

function maxAge(...headers: FieldLines): number | undefined {
  return responseDirectives(headers, rules).maxAgeSeconds;
}

describe('RFC 9213 §2.2 the target list', () => {
  it('gives the first field the say, wherever it stands', () => {
    expect(
      maxAge(
        ['Cache-Control', 'max-age=1'],
        ['CDN-Cache-Control', 'max-age=2'],
        ['Larder-Cache-Control', 'max-age=3'],
      ),
    ).toBe(3);
  });

  it.each(['', 'max-age=3,', 'max-age=3; '])('passes over %j', (field) => {
    const headers: FieldLines = [
      ['Larder-Cache-Control', field],
      ['Cache-Control', 'max-age=1'],
    ];
    expect(maxAge(...headers)).toBe(1);
    expect(maxAge(...headers, ['cdn-cache-control', 'max-age=2'])).toBe(2);
  });

  it('reads several lines as one field', () => {
    expect(
      responseDirectives(
        [
          ['CDN-Cache-Control', 'max-age=2'],
          ['Cache-Control', 'no-store'],
          ['CDN-Cache-Control', 'private'],
        ],
        rules,
      ),
    ).toMatchObject({ maxAgeSeconds: 2, private: true, noStore: false, targeted: true });
  });

  it('leaves nothing of Cache-Control and Pragma where a targeted field holds', () => {
    const directives = responseDirectives(
      [
        ['CDN-Cache-Control', 'unknown'],
        ['Cache-Control', 'no-store, private, max-age=1'],
        ['Pragma', 'no-cache'],
      ],
      rules,
    );
    expect(directives).toStrictEqual({ ...responseDirectives([], rules), targeted: true });
  });

  it('is empty by default', () => {
    const directives = responseDirectives([['CDN-Cache-Control', 'max-age=2']], privateRules);
    expect(directives).toMatchObject({ maxAgeSeconds: undefined, targeted: false });
  });
});

describe('RFC 9111 §5.4 Pragma on a response', () => {
  it('counts as no-cache where Cache-Control is absent', () => {
    expect(responseDirectives([['Pragma', 'No-Cache']], rules).noCache).toBe(true);
    expect(responseDirectives([['Pragma', 'x, no-cache']], rules).noCache).toBe(true);
    expect(responseDirectives([['Pragma', 'x']], rules).noCache).toBe(false);
    expect(
      responseDirectives(
        [
          ['Pragma', 'no-cache'],
          ['Cache-Control', 'max-age=1'],
        ],
        rules,
      ).noCache,
    ).toBe(false);
  });

  it('brings no other directive', () => {
    expect(responseDirectives([['Pragma', 'no-store, max-age=60']], rules)).toStrictEqual(
      responseDirectives([], rules),
    );
  });
});
