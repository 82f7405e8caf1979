import { describe, expect, it } from 'vitest';
import { readDirectives } from '../../src/core/read-directives.ts';

function directives(line: string): [name: string, argument: string | undefined][] {
  const found: [string, string | undefined][] = [];
  readDirectives(line, (name, argument) => found.push([name, argument]));
  return found;
}

describe('RFC 9111 §5.2 the directives of a line', () => {
  it('are given with their arguments, without quotes and whitespace', () => {
    expect(directives(' A , b=1,\tc = "x, \\"y" , d="", e=')).toEqual([
      ['a', undefined],
      ['b', '1'],
      ['c', 'x, "y'],
      ['d', ''],
      ['e', ''],
    ]);
  });

  it.each(['', ' ', ',', ', ,', ';;'])('are none in %j', (line) => {
    expect(directives(line)).toEqual([]);
  });

  it.each(['a=1; b', 'a="1"; b', 'a="1" 2, b', 'a="1"2, b'])(
    'have nothing left of the argument in %j',
    (line) => {
      expect(directives(line)).toEqual([
        ['a', ''],
        ['b', undefined],
      ]);
    },
  );

  it('go on behind a quote that nothing closes', () => {
    expect(directives('a="1, b')).toEqual([
      ['a', '"1'],
      ['b', undefined],
    ]);
    expect(directives('a="1\\')).toEqual([['a', '"1\\']]);
  });
});
