import { describe, expect, it } from 'vitest';
import { parseCacheControl } from '../../src/core/cache-control.ts';
import { credentialText, defaultCredentialRules } from '../../src/core/credentials.ts';
import { entityTags } from '../../src/core/entity-tag.ts';
import { parseHttpDate } from '../../src/core/http-date.ts';
import { storableFields } from '../../src/core/storable-fields.ts';
import { targetUri } from '../../src/core/target-uri.ts';
import { selectingFields, varyNames } from '../../src/core/vary.ts';

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

const parsers: readonly (readonly [string, (value: string) => unknown])[] = [
  ['Cache-Control', (value) => parseCacheControl([value])],
  ['Connection', (value) => storableFields([['Connection', value]], { dropSetCookie: true })],
  ['Vary', (value) => varyNames([['Vary', value]])],
  ['a selecting field', (value) => selectingFields(['a'], [['a', value]], () => undefined)],
  ['If-None-Match', (value) => entityTags(value)],
  ['Expires', (value) => parseHttpDate(value, 0)],
  ['Cookie', (value) => credentialText([['Cookie', value]], defaultCredentialRules)],
  ['a URL', (value) => targetUri(`http://${value}.test/`.slice(0, 200_000)).length],
];

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
];

describe('hostile values', () => {
  it.each(parsers)('take time linear in their length: %s', (name, parse) => {
    const tried = (value: string): unknown => {
      try {
        return parse(value);
      } catch (error) {
        // What is no URL is refused; here only the time that takes matters.
        return name === 'a URL' ? error : expect.unreachable();
      }
    };
    for (const pattern of patterns) {
      const small = timeFor(tried, pattern, 16 * kib);
      const large = timeFor(tried, pattern, 256 * kib);
      // Sixteen times the length: a quadratic parser takes 256 times as long. Below a millisecond it is noise.
      expect(large, JSON.stringify(pattern)).toBeLessThan(Math.max(80 * small, 1));
    }
  });
});
