import { describe, expect, it } from 'vitest';
import { suffixName } from '../../src/core/cache-key.ts';
import type { SelectingField, VariantTag } from '../../src/core/policy-types.ts';
import { confirmedTag, offerFields, tagsToOffer, withTag } from '../../src/core/variant-tags.ts';
import { response } from './messages.ts';

function tag(etag: string, value: string, more: Partial<VariantTag> = {}): VariantTag {
  return { etag, selecting: [['accept', value]], credentials: null, ...more };
}

/** What a request is offered that has these values. */
function offer(
  tags: readonly VariantTag[],
  fields: Readonly<Record<string, string>>,
  credentials?: string,
): string[] {
  const values = (names: readonly string[]): SelectingField[] =>
    names.map((name) => [name, fields[name] ?? null]);
  return tagsToOffer(tags, values, () => credentials).map(({ etag }) => etag);
}

describe('the tags of an index', () => {
  it('begin with the variant stored last, and have each one once', () => {
    const one = withTag(undefined, tag('"1"', 'a'));
    const two = withTag(one, tag('"2"', 'b'));
    expect(two?.map(({ etag }) => etag)).toEqual(['"2"', '"1"']);
    expect(withTag(two, tag('"3"', 'a'))?.map(({ etag }) => etag)).toEqual(['"3"', '"2"']);
  });

  it('are the same array where nothing changes', () => {
    const tags = [tag('"1"', 'a'), tag('"2"', 'b')];
    expect(withTag(tags, tag('"2"', 'b'))).toBe(tags);
    expect(withTag(tags, tag('W/"3"', 'c'))).toBe(tags);
    expect(withTag(undefined, tag('W/"3"', 'c'))).toBeUndefined();
  });

  it('have variants of different credentials side by side', () => {
    const [one, two] = [tag('"1"', 'a', { credentials: 'one' }), tag('"2"', 'a', { credentials: 'two' })];
    expect(withTag([one], two)).toEqual([two, one]);
  });

  it('leave out what would take more than a thousand characters', () => {
    const named = (etag: string, value: string): number => withTag([], tag(etag, value))?.length ?? 0;
    expect(named(`"${'x'.repeat(1006)}"`, 'a')).toBe(1);
    expect(named(`"${'x'.repeat(1007)}"`, 'a')).toBe(0);
    expect(named('"1"', 'a'.repeat(1100))).toBe(0);
  });

  it.each(['W/"w"', 'unquoted', 'unquoted"', '"a", "b"', `"${'x'.repeat(1100)}"`])(
    'leave out and forget a variant whose tag is now %s',
    (etag) => {
      expect(withTag([tag('"1"', 'a'), tag('"2"', 'b')], tag(etag, 'a'))).toEqual([tag('"2"', 'b')]);
    },
  );

  it('leave out a variant that has no tag', () => {
    const { selecting, credentials } = tag('', 'a');
    expect(withTag([tag('"1"', 'a')], { selecting, credentials })).toEqual([]);
  });

  it('name at most eight variants', () => {
    let tags: readonly VariantTag[] | undefined;
    for (let nth = 1; nth <= 10; nth++) tags = withTag(tags, tag(`"${nth}"`, String(nth)));
    expect(tags?.map(({ etag }) => etag)).toEqual(['"10"', '"9"', '"8"', '"7"', '"6"', '"5"', '"4"', '"3"']);
  });
});

describe('RFC 9111 §4.3.1 the variants that a request names', () => {
  it('are those that it did not select, each tag once', () => {
    const tags = [tag('"1"', 'a'), tag('"2"', 'b'), tag('"2"', 'c')];
    expect(offer(tags, { accept: 'x' })).toEqual(['"1"', '"2"']);
    expect(offer(tags, { accept: 'a' })).toEqual(['"2"']);
    expect(offer(tags, {})).toEqual(['"1"', '"2"']);
  });

  it('are the latest of those that have one tag', () => {
    const [later, earlier] = [tag('"1"', 'a'), tag('"1"', 'b')];
    expect(
      tagsToOffer(
        [later, earlier],
        () => [],
        () => undefined,
      ),
    ).toEqual([later]);
  });

  it('are never those of others', () => {
    const tags = [tag('"1"', 'a', { credentials: 'one' }), tag('"2"', 'b', { credentials: 'two' })];
    expect(offer(tags, {})).toEqual([]);
    expect(offer(tags, {}, 'two')).toEqual(['"2"']);
  });

  it.each(['accept-encoding', suffixName])('are never of another %s', (name) => {
    const tags = [tag('"1"', '', { selecting: [[name, 'a']] })];
    expect(offer(tags, { [name]: 'b' })).toEqual([]);
    const both = [
      tag('"1"', '', {
        selecting: [
          [name, 'a'],
          ['accept', 'x'],
        ],
      }),
    ];
    expect(offer(both, { [name]: 'a', accept: 'y' })).toEqual(['"1"']);
    expect(offer(both, { [name]: 'b', accept: 'y' })).toEqual([]);
  });

  it('stand in one field, of which there is none where there are none', () => {
    expect(offerFields([tag('"1"', 'a'), tag('"2"', 'b')])).toEqual([['If-None-Match', '"1", "2"']]);
    expect(offerFields([])).toEqual([]);
  });
});

describe('RFC 9111 §4.3.4 a 304', () => {
  it('confirms the variant whose strong tag it has, and no other', () => {
    const tags = [tag('"1"', 'a'), tag('"2"', 'b')];
    expect(confirmedTag(tags, response({ ETag: '"2"' }, 304))).toBe(tags[1]);
    expect(confirmedTag(tags, response({ ETag: 'W/"2"' }, 304))).toBeUndefined();
    expect(confirmedTag(tags, response({}, 304))).toBeUndefined();
  });

  it('without a tag confirms the only one that was named', () => {
    const only = tag('"1"', 'a');
    expect(confirmedTag([only], response({}, 304))).toBe(only);
    expect(confirmedTag([only], response({ ETag: '"2"' }, 304))).toBeUndefined();
  });
});
