import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldLines } from '../../src/core/message.ts';
import type { SelectingField } from '../../src/core/policy-types.ts';
import { sameSelecting, selectingFields, varyNames } from '../../src/core/vary.ts';

function vary(...values: string[]): readonly string[] | '*' {
  return varyNames(values.map((value) => ['Vary', value]));
}

function select(name: string, ...values: string[]): SelectingField[] {
  return selectingFields(
    [name],
    values.map((value) => [name, value]),
    () => undefined,
  );
}

describe('RFC 9110 §12.5.5 Vary', () => {
  it('lists names in lower case, sorted, each once, whatever the lines', () => {
    expect(vary('Foo, ACCEPT', 'foo,, bar ')).toEqual(['accept', 'bar', 'foo']);
    expect(vary()).toEqual([]);
    expect(vary('', ' , ')).toEqual([]);
  });

  it.each([['*'], [' *'], ['*,'], ['a, *'], ['*, a'], ['*, *'], [', *'], ['a', '*']])(
    'takes %j %j for every request to differ',
    (...values) => {
      expect(vary(...values)).toBe('*');
    },
  );

  it('takes what is no field name for every request to differ', () => {
    expect(vary('accept encoding')).toBe('*');
    expect(vary('a;b')).toBe('*');
    expect(vary('é')).toBe('*');
  });

  it.each(['constructor', '__proto__', 'toString'])('takes %s for a name like any other', (name) => {
    expect(vary(name)).toEqual([name.toLowerCase()]);
    expect(select(name.toLowerCase())).toEqual([[name.toLowerCase(), null]]);
  });

  it('takes more than 64 names or 4 KiB for every request to differ', () => {
    const names = (count: number): string =>
      Array.from({ length: count }, (_, index) => `n${index}`).join(',');
    expect(vary(names(64))).toHaveLength(64);
    expect(vary(names(65))).toBe('*');
    expect(vary('a'.repeat(4096))).toEqual(['a'.repeat(4096)]);
    expect(vary(' '.repeat(4096) + 'a')).toBe('*');
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (values) => {
        const names = vary(...values);
        return names === '*' || names.join() === [...new Set(names)].toSorted().join();
      }),
    );
  });
});

describe('RFC 9111 §4.1 selecting fields', () => {
  it('tells an absent field from an empty one', () => {
    expect(select('foo')).toEqual([['foo', null]]);
    expect(select('foo', '')).toEqual([['foo', '']]);
    expect(sameSelecting(select('foo'), select('foo', ''))).toBe(false);
  });

  it.each<[string[], string[]]>([
    [['1,2'], [' 1, 2 ']],
    [['1, 2'], ['1', '2']],
    [['1,,2'], ['1 ,2']],
  ])('matches %j and %j', (a, b) => {
    expect(sameSelecting(select('foo', ...a), select('foo', ...b))).toBe(true);
  });

  it.each<[string, string[], string[]]>([
    ['foo', ['1, 2'], ['2, 1']],
    ['foo', ['12'], ['1 2']],
    ['foo', ['12'], ['1, 2']],
    ['accept', ['a;q=0.5'], ['a;q=0.7']],
    ['accept', ['a;b'], ['ab']],
    ['foo', ['"1,2"'], ['"1, 2"']],
    ['foo', ['"\\",1"'], ['"\\", 1"']],
    ['foo', ['a'], ['A']],
  ])('%s: does not match %j and %j', (name, a, b) => {
    expect(sameSelecting(select(name, ...a), select(name, ...b))).toBe(false);
  });

  it.each(['accept-language', 'accept-encoding', 'accept-charset'])(
    'matches %s whatever its case',
    (name) => {
      expect(sameSelecting(select(name, 'EN-gb;Q=0.5'), select(name, 'en-GB;q=0.5'))).toBe(true);
    },
  );

  it.each(['accept-encoding', 'accept-charset'])('matches %s in any order (RFC 9110 §12.5)', (name) => {
    expect(sameSelecting(select(name, 'b, A;q=0.5'), select(name, 'a;q=0.5,B'))).toBe(true);
    expect(sameSelecting(select(name, 'b, a;q=0.5'), select(name, 'b;q=0.5, a'))).toBe(false);
  });

  it.each(['accept', 'accept-charset', 'accept-encoding', 'accept-language'])(
    'matches %s whatever the space around its semicolons (RFC 9110 §5.6.6)',
    (name) => {
      expect(sameSelecting(select(name, 'a ;q=0.5,b; q=1'), select(name, 'a;\tq=0.5, b;q=1'))).toBe(true);
      expect(sameSelecting(select(name, 'a;x="; "'), select(name, 'a;x=";"'))).toBe(false);
    },
  );

  it('matches a field that it does not know only with the same space around semicolons', () => {
    expect(sameSelecting(select('foo', 'a; b'), select('foo', 'a;b'))).toBe(false);
  });

  it.each(['accept', 'accept-language'])('does not match %s in another order', (name) => {
    expect(sameSelecting(select(name, 'en, de'), select(name, 'de, en'))).toBe(false);
  });

  it('has one form, as the keys of variants are made of it', () => {
    expect(select('accept-encoding', 'GZIP; q=0.5,br')).toEqual([['accept-encoding', 'br, gzip;q=0.5']]);
  });

  it.each([
    ...['authorization', 'cookie', 'from', 'host', 'if-modified-since', 'if-unmodified-since', 'origin'],
    ...['proxy-authorization', 'referer', 'user-agent'],
  ])('takes the comma of %s for a part of its value', (name) => {
    expect(sameSelecting(select(name, 'a, b'), select(name, 'a,b'))).toBe(false);
    expect(sameSelecting(select(name, ' a, b'), select(name, 'a, b '))).toBe(true);
  });

  it('matches only lists of the same names', () => {
    expect(sameSelecting([['a', '1']], [['b', '1']])).toBe(false);
    expect(
      sameSelecting(
        [['a', '1']],
        [
          ['a', '1'],
          ['b', null],
        ],
      ),
    ).toBe(false);
    expect(sameSelecting([], [])).toBe(true);
  });

  it('keeps a digest in place of a value that is secret', () => {
    const headers: FieldLines = [
      ['Cookie', 'sid=1'],
      ['Accept', 'a/b'],
    ];
    const digest = (name: string, value: string): string | undefined =>
      name === 'cookie' ? `digest of ${value}` : undefined;
    expect(selectingFields(['accept', 'cookie'], headers, digest)).toEqual([
      ['accept', 'a/b'],
      ['cookie', 'digest of sid=1'],
    ]);
  });
});
