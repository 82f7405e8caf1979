import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  headKey,
  indexKeyOf,
  primaryKey,
  primaryOf,
  suffixName,
  variantKey,
  withSuffix,
} from '../../src/core/cache-key.ts';
import type { SelectingField } from '../../src/core/policy-types.ts';
import { selectingFields } from '../../src/core/vary.ts';

const uri = 'http://a.test/x';

describe('RFC 9111 §2 cache keys', () => {
  it('keeps everything of a target URI under the URI itself', () => {
    expect(primaryKey(uri)).toBe(uri);
    expect(primaryKey(uri, { suffix: 'mobile' })).toBe(uri);
  });

  it('takes another URI in its place, serialised', () => {
    expect(primaryKey(uri, 'HTTP://b.test')).toBe('http://b.test/');
    expect(() => primaryKey(uri, 'mobile')).toThrow(TypeError);
  });

  it('keeps responses to HEAD apart', () => {
    expect(headKey(uri)).not.toBe(primaryKey(uri));
    expect(headKey(uri)).not.toBe(headKey(`${uri}y`));
  });

  it('tells suffixes apart byte for byte, as one more selecting field', () => {
    const select = (suffix: string): SelectingField[] =>
      selectingFields([suffixName], withSuffix([], { suffix }), () => undefined);
    expect(select('a,b')).toEqual([[suffixName, 'a,b']]);
    expect(select('a, b')).not.toEqual(select('a,b'));
    expect(withSuffix([['a', 'b']], undefined)).toEqual([['a', 'b']]);
  });

  it.each<[string, Parameters<typeof variantKey>, Parameters<typeof variantKey>]>([
    ['URI and epoch', [uri, '2', [], null], [`${uri}2`, '', [], null]],
    ['epoch and credentials', [uri, 'ab', [], 'c'], [uri, 'a', [], 'bc']],
    ['name and value', [uri, 'e', [['a', 'bc']], null], [uri, 'e', [['ab', 'c']], null]],
    [
      'one field and two',
      [uri, 'e', [['a', '1']], null],
      [
        uri,
        'e',
        [
          ['a', '1'],
          ['', ''],
        ],
        null,
      ],
    ],
    [
      'fields of which another has no value',
      [
        uri,
        'e',
        [
          ['a', null],
          ['b', 'c'],
        ],
        null,
      ],
      [
        uri,
        'e',
        [
          ['a', 'b'],
          ['c', null],
        ],
        null,
      ],
    ],
    ['no value and a hyphen', [uri, 'e', [['a', null]], null], [uri, 'e', [['a', '-']], null]],
    ['no credentials and a hyphen', [uri, 'e', [], null], [uri, 'e', [], '-']],
  ])('keeps apart %s', (_, one, other) => {
    expect(variantKey(...one)).not.toBe(variantKey(...other));
  });

  it('gives different keys for different variants, whatever is in their parts', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '[', ']', '\\', '\0', 'é') });
    const selecting = fc.array(fc.tuple(text, fc.option(text)));
    const variant = fc.tuple(text, text, selecting, fc.option(text));
    fc.assert(
      fc.property(variant, variant, (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        expect(variantKey(...a) === variantKey(...b)).toBe(same);
        expect(variantKey(...a)).toBe(variantKey(...structuredClone(a)));
        expect(variantKey(...a)).not.toBe(primaryKey(uri));
      }),
    );
  });
});

describe('the primary key of a stored response', () => {
  it('is told by its key, whatever is in the parts of that', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ':', '1', ' ', 'é', '\0', 'HEAD ') });
    const selecting = fc.array(fc.tuple(text, fc.option(text)));
    fc.assert(
      fc.property(text, selecting, fc.option(text), fc.boolean(), (epoch, fields, credentials, isHead) => {
        const indexKey = isHead ? headKey(uri) : uri;
        const key = variantKey(indexKey, epoch, fields, credentials);
        expect([indexKeyOf(indexKey), indexKeyOf(key)]).toEqual([indexKey, indexKey]);
        expect([primaryOf(indexKey), primaryOf(key)]).toEqual([uri, uri]);
      }),
    );
  });
});
