import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entityTags, isWeak, weaklyEqual } from '../../src/core/entity-tag.ts';

describe('RFC 9110 §8.8.3 entity tags', () => {
  it.each([
    ['"a"', ['"a"']],
    ['"a", W/"b","c"', ['"a"', 'W/"b"', '"c"']],
    ['"a,b", "c"', ['"a,b"', '"c"']],
    ['"a\\", "b"', ['"a\\"', '"b"']],
    ['', []],
    [' , ,', []],
    ['a, b', ['a', 'b']],
    ['a , "b"', ['a', '"b"']],
    ['"a', ['"a']],
    ['W/', ['W/']],
  ])('finds the tags of %j', (list, tags) => {
    expect(entityTags(list)).toEqual(tags);
  });

  it('compares weakly (§8.8.3.2)', () => {
    expect(weaklyEqual('W/"1"', 'W/"1"')).toBe(true);
    expect(weaklyEqual('W/"1"', 'W/"2"')).toBe(false);
    expect(weaklyEqual('W/"1"', '"1"')).toBe(true);
    expect(weaklyEqual('"1"', '"1"')).toBe(true);
    expect(weaklyEqual('"1"', '1')).toBe(false);
    expect(weaklyEqual('w/"1"', '"1"')).toBe(false);
    expect(isWeak('W/"1"')).toBe(true);
    expect(isWeak('"W/"')).toBe(false);
  });

  it('comes to an end for anything', () => {
    const list = fc.string({ unit: fc.constantFrom('"', 'W', '/', ',', ' ', '\t', 'a', '\\') });
    fc.assert(fc.property(list, (text) => entityTags(text).every((tag) => text.includes(tag))));
  });
});
