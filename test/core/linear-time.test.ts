import { describe, expect, it } from 'vitest';
import { parseCacheControl } from '../../src/core/cache-control.ts';
import { credentialText, defaultCredentialRules } from '../../src/core/credentials.ts';
import { entityTags } from '../../src/core/entity-tag.ts';
import { mayBeGraphqlWrite } from '../../src/core/graphql.ts';
import { parseHttpDate } from '../../src/core/http-date.ts';
import { initialAgeMs } from '../../src/core/initial-age.ts';
import { listMembers } from '../../src/core/list-members.ts';
import { withoutParameters } from '../../src/core/query.ts';
import { parseRange } from '../../src/core/range.ts';
import { retryAfterMs } from '../../src/core/retry-after.ts';
import { isEndless } from '../../src/core/sharing.ts';
import { storableFields } from '../../src/core/storable-fields.ts';
import { parseTargetedField } from '../../src/core/targeted-field.ts';
import { targetUri } from '../../src/core/target-uri.ts';
import { selectingFields, varyNames } from '../../src/core/vary.ts';

const kib = 1024;

type Parser = (value: string) => unknown;

function repeated(pattern: string, length: number): string {
  return pattern.repeat(Math.ceil(length / pattern.length)).slice(0, length);
}

/** The time for a value in milliseconds, the least of several runs. */
function timeFor(parse: Parser, value: string, runs: number): number {
  let least = Infinity;
  for (let run = 0; run < runs; run++) {
    const begin = performance.now();
    parse(value);
    least = Math.min(least, performance.now() - begin);
  }
  return least;
}

/** Sixteen times the length: a quadratic parser takes 256 times as long. Below a millisecond it is noise. */
function looksQuadratic(parse: Parser, pattern: string): boolean {
  const long = timeFor(parse, repeated(pattern, 128 * kib), 5);
  return long > Math.max(80 * timeFor(parse, repeated(pattern, 8 * kib), 5), 1);
}

/** Other work on the machine may make one measurement look slow, hardly ten in a row. */
function isQuadratic(parse: Parser, pattern: string): boolean {
  for (let attempt = 0; attempt < 10; attempt++) if (!looksQuadratic(parse, pattern)) return false;
  return true;
}

/** Whether one of many runs is that quick, in milliseconds. On a free machine all are several times as quick as asked here. */
function takesLessThan(limit: number, parse: Parser, value: string): boolean {
  for (let run = 0; run < 100; run++) if (timeFor(parse, value, 1) < limit) return true;
  return false;
}

const quick: readonly (readonly [string, Parser])[] = [
  ['Cache-Control', (value) => parseCacheControl([value])],
  ['a targeted field', (value) => parseTargetedField(value)],
  ['Connection', (value) => storableFields([['Connection', value]], { dropSetCookie: true })],
  ['Content-Type', (value) => isEndless([['Content-Type', value]])],
  ['Vary', (value) => varyNames([['Vary', value]])],
  ['Expires', (value) => parseHttpDate(value, 0)],
  ['Age', (age) => initialAgeMs({ age, date: 0, requestTime: 0, responseTime: 0 })],
  ['Retry-After', (value) => retryAfterMs([['Retry-After', value]], 0)],
  ['a list', (value) => listMembers(value)],
  ['a selecting field', (value) => selectingFields(['a'], [['a', value]], () => undefined)],
  ['If-None-Match', (value) => entityTags(value)],
  ['Range', (value) => [parseRange(value), parseRange(`bytes=${value}`)]],
];

/** Cookies and codings are sorted, and URLs and JSON are the platform's to parse. */
const slower: readonly (readonly [string, Parser])[] = [
  [
    'Accept-Encoding',
    (value) => selectingFields(['accept-encoding'], [['Accept-Encoding', value]], () => undefined),
  ],
  ['Cookie', (value) => credentialText([['Cookie', value]], defaultCredentialRules)],
  ['a target URI', refusedOrNot],
  ['a query', (value) => withoutParameters(`http://a.test/?${value}`, (name) => name === 'a')],
  [
    'a GraphQL document',
    (value) => mayBeGraphqlWrite(JSON.stringify({ query: value }), 'application/json', '/'),
  ],
  ['a body that may be GraphQL', (value) => mayBeGraphqlWrite(value, '', '/')],
];

/** The pattern in every part of a URL, which may make it none: only the time matters. */
function refusedOrNot(value: string): void {
  for (const url of [`http://${value}.test/`, `http://a.test/${value}?${value}#`]) {
    try {
      targetUri(url);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
}

const patterns = [
  ...[
    ' ',
    '\t',
    ',',
    ' ,',
    '"',
    '",',
    '\\',
    '"\\',
    '="',
    'x="\\',
    'a=",',
    ';',
    'a,',
    'W/"',
    ',;=',
    '9',
    '0-',
  ],
  ...['{', '{}', '"""', '"""\\', '#\n', '"query":', 'query', 'a=%2B+&'],
  ...['no-cache="a",', 'max-age=1,', 'x="\\"', 'text/event-stream ', 'Sun, 06 Nov '],
];

/** A thousand and more members, each with a name of its own. */
function distinctNames(length: number): string {
  return Array.from({ length: length / 8 }, (_, index) => `n${index}`.padEnd(7, 'x')).join(',');
}

describe('hostile values', () => {
  it.each([...quick, ...slower])('take time linear in their length: %s', (_, parse) => {
    expect(patterns.filter((pattern) => isQuadratic(parse, pattern))).toEqual([]);
  });

  it.each(quick)(
    'of 16 KiB take less than five milliseconds, and of 64 KiB less than twenty: %s',
    (_, parse) => {
      const shapes = (length: number): string[] => [
        ...patterns.flatMap((pattern) => [repeated(pattern, length), `a="${repeated(pattern, length)}`]),
        ...[distinctNames(length), `private="${distinctNames(length)}"`],
      ];
      const slow = [
        ...shapes(16 * kib).filter((value) => !takesLessThan(5, parse, value)),
        ...shapes(64 * kib).filter((value) => !takesLessThan(20, parse, value)),
      ];
      expect(slow.map((value) => value.slice(0, 20))).toEqual([]);
    },
  );
});
