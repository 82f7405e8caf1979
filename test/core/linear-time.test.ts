import { describe, expect, it } from 'vitest';
import { parseCacheControl } from '../../src/core/cache-control.ts';
import { credentialText, defaultCredentialRules } from '../../src/core/credentials.ts';
import { entityTags } from '../../src/core/entity-tag.ts';
import { parseHttpDate } from '../../src/core/http-date.ts';
import { meetsIfRange } from '../../src/core/if-range.ts';
import { parseRange } from '../../src/core/range.ts';
import { storableFields } from '../../src/core/storable-fields.ts';
import { parseTargetedField } from '../../src/core/targeted-field.ts';
import { targetUri } from '../../src/core/target-uri.ts';
import { selectingFields, varyNames } from '../../src/core/vary.ts';
import { response } from './messages.ts';

const kib = 1024;

/** The time for a value of this many characters, the least of several runs. */
function timeFor(parse: (value: string) => unknown, pattern: string, length: number): number {
  const value = pattern.repeat(Math.ceil(length / pattern.length));
  let least = Infinity;
  for (let run = 0; run < 5; run++) {
    const begin = performance.now();
    parse(value);
    least = Math.min(least, performance.now() - begin);
  }
  return least;
}

/** Sixteen times the length: a quadratic parser takes 256 times as long. Below a millisecond it is noise. */
function looksQuadratic(parse: (value: string) => unknown, pattern: string): boolean {
  return timeFor(parse, pattern, 128 * kib) > Math.max(80 * timeFor(parse, pattern, 8 * kib), 1);
}

const parsers: readonly (readonly [string, (value: string) => unknown])[] = [
  ['Cache-Control', (value) => parseCacheControl([value])],
  ['a targeted field', (value) => parseTargetedField(value)],
  ['Connection', (value) => storableFields([['Connection', value]], { dropSetCookie: true })],
  ['Vary', (value) => varyNames([['Vary', value]])],
  ['a selecting field', (value) => selectingFields(['a'], [['a', value]], () => undefined)],
  ['If-None-Match', (value) => entityTags(value)],
  ['Range', (value) => parseRange(value)],
  ['a Range of digits', (value) => parseRange(`bytes=${value}`)],
  ['If-Range', (value) => meetsIfRange(value, { ...response(), headers: [['ETag', value]] }, 0)],
  ['Expires', (value) => parseHttpDate(value, 0)],
  ['Cookie', (value) => credentialText([['Cookie', value]], defaultCredentialRules)],
  ['a target URI', refusedOrNot],
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
  'no-cache="a",',
  '0',
  '0-',
];

describe('hostile values', () => {
  it.each(parsers)('take time linear in their length: %s', (_, parse) => {
    // Other work on the machine may make one measurement look slow, hardly three in a row.
    const slow = patterns.filter((pattern) => [1, 2, 3].every(() => looksQuadratic(parse, pattern)));
    expect(slow).toEqual([]);
  });
});
