import { describe, expect, it } from 'vitest';
import { conditionalFields, decideValidation, hasConditional } from '../../src/core/validation.ts';
import { httpDate, lines, policyOf, response, start, storedHead } from './messages.ts';

const modified = httpDate(start - 1000);
const later = httpDate(start);

interface Given {
  readonly status?: number;
  readonly conditional?: boolean;
  readonly asked?: Readonly<Record<string, string>>;
}

function decide(stored: Record<string, string>, answer: Record<string, string>, given: Given = {}): string {
  const { status = 304, conditional = true, asked = {} }: Given = given;
  const decision = decideValidation({
    stored: policyOf(stored),
    storedHead: storedHead(lines(stored)),
    answer: response(answer, status),
    conditional,
    request: lines(asked),
  });
  return decision.kind;
}

describe('RFC 9111 §4.3.1 conditional requests', () => {
  it('carries the validators as the origin sent them', () => {
    expect(conditionalFields(policyOf({ ETag: 'W/"a"', 'Last-Modified': modified }))).toEqual([
      ['If-None-Match', 'W/"a"'],
      ['If-Modified-Since', modified],
    ]);
    expect(conditionalFields(policyOf({ ETag: 'unquoted' }))).toEqual([['If-None-Match', 'unquoted']]);
    expect(conditionalFields(policyOf({ 'Last-Modified': 'yesterday' }))).toEqual([]);
  });

  it.each(['If-None-Match', 'If-Modified-Since', 'IF-MATCH', 'If-Unmodified-Since'])(
    'knows a request that carries %s for conditional',
    (name) => {
      expect(
        hasConditional([
          ['Accept', '*/*'],
          [name, 'x'],
        ]),
      ).toBe(true);
    },
  );

  it('knows a request without preconditions', () => {
    expect(hasConditional(lines({ Accept: '*/*', Range: 'bytes=0-1', 'If-Range': '"a"' }))).toBe(false);
  });
});

describe('RFC 9111 §4.3.3, §4.3.4 answers', () => {
  it.each<[string, Record<string, string>, Record<string, string>, string]>([
    ['no validators', { ETag: '"a"', 'Last-Modified': modified }, {}, 'freshen'],
    ['the same tag', { ETag: '"a"' }, { ETag: '"a"' }, 'freshen'],
    ['the tag made weak', { ETag: '"a"' }, { ETag: 'W/"a"' }, 'freshen'],
    ['the tag made strong', { ETag: 'W/"a"' }, { ETag: '"a"' }, 'retry'],
    [
      'the same tag and another date',
      { ETag: '"a"', 'Last-Modified': modified },
      { ETag: '"a"', 'Last-Modified': later },
      'freshen',
    ],
    ['another strong tag', { ETag: '"a"' }, { ETag: '"b"' }, 'retry'],
    ['another weak tag', { ETag: 'W/"a"' }, { ETag: 'W/"b"' }, 'retry'],
    [
      'a strong tag that was not there',
      { 'Last-Modified': modified },
      { ETag: '"b"', 'Last-Modified': modified },
      'retry',
    ],
    [
      'a weak tag that was not there',
      { 'Last-Modified': modified },
      { ETag: 'W/"b"', 'Last-Modified': modified },
      'freshen',
    ],
    ['a weak tag only, that was not there', { 'Last-Modified': modified }, { ETag: 'W/"b"' }, 'retry'],
    ['a weak tag and a date where nothing is stored', {}, { ETag: 'W/"b"', 'Last-Modified': later }, 'retry'],
    ['the same date', { 'Last-Modified': modified }, { 'Last-Modified': modified }, 'freshen'],
    ['another date', { 'Last-Modified': modified }, { 'Last-Modified': later }, 'retry'],
    ['a date that was not there', { ETag: '"a"' }, { 'Last-Modified': later }, 'freshen'],
    [
      'a date only, another than stored',
      { ETag: '"a"', 'Last-Modified': modified },
      { 'Last-Modified': later },
      'retry',
    ],
  ])('a 304 with %s: %s', (_, stored, answer, expected) => {
    expect(decide(stored, answer)).toBe(expected);
  });

  it('lets a 304 pass that our condition did not ask for', () => {
    expect(decide({ ETag: '"a"' }, { ETag: '"a"' }, { conditional: false })).toBe('pass');
  });

  it.each([200, 206, 301, 404, 412, 500, 503])('lets a %d pass', (status) => {
    expect(decide({ ETag: '"a"' }, { ETag: '"a"' }, { status })).toBe('pass');
  });
});

describe("RFC 9111 §4.3.4 a 304 for the caller's own condition", () => {
  it.each<[string, Record<string, string>, Record<string, string>, Record<string, string>, string]>([
    ['the stored tag', { ETag: '"a"' }, { 'If-None-Match': '"a"' }, {}, 'freshen-and-pass'],
    [
      'the stored tag, which the 304 has',
      { ETag: '"a"' },
      { 'If-None-Match': '"a"' },
      { ETag: '"a"' },
      'freshen-and-pass',
    ],
    [
      'the stored tag, and is told of another',
      { ETag: '"a"' },
      { 'If-None-Match': '"a"' },
      { ETag: '"b"' },
      'pass',
    ],
    ['another tag', { ETag: '"a"' }, { 'If-None-Match': '"b"' }, { ETag: '"b"' }, 'pass'],
    ['several tags', { ETag: '"a"' }, { 'If-None-Match': '"a", "b"' }, {}, 'pass'],
    ['tags on two lines', { ETag: '"a"' }, { 'If-None-Match': '"a"', 'if-none-match': '"b"' }, {}, 'pass'],
    ['any tag', { ETag: '"a"' }, { 'If-None-Match': '*' }, {}, 'pass'],
    ['a tag where none is stored', {}, { 'If-None-Match': '"a"' }, {}, 'pass'],
    [
      'the stored date',
      { 'Last-Modified': modified },
      { 'If-Modified-Since': modified },
      {},
      'freshen-and-pass',
    ],
    ['another date', { 'Last-Modified': modified }, { 'If-Modified-Since': later }, {}, 'pass'],
    ['a date where none is stored', {}, { 'If-Modified-Since': later }, {}, 'pass'],
    [
      'another tag and the stored date',
      { 'Last-Modified': modified },
      { 'If-None-Match': '"b"', 'If-Modified-Since': modified },
      {},
      'pass',
    ],
  ])('that asks by %s', (_name, stored, asked, answer, expected) => {
    expect(decide(stored, answer, { conditional: false, asked })).toBe(expected);
  });
});
