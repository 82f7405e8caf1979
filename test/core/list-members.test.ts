import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listMembers } from '../../src/core/list-members.ts';

describe('RFC 9110 §5.6.1 lists', () => {
  it.each([
    ['a,b', ['a', 'b']],
    [' a ,\tb ,, ', ['a', 'b']],
    ['"a,b", c', ['"a,b"', 'c']],
    ['"a\\",b", c', ['"a\\",b"', 'c']],
    ['a;q="x,y",b', ['a;q="x,y"', 'b']],
    ['"a, b', ['"a, b']],
    ['"a\\', ['"a\\']],
    ['', []],
  ])('finds the members of %j', (value, members) => {
    expect(listMembers(value)).toEqual(members);
  });

  it('loses nothing but separators and whitespace', () => {
    const bare = (text: string): string => text.replaceAll(/[\s,]/g, '');
    fc.assert(fc.property(fc.string(), (value) => bare(listMembers(value).join()) === bare(value)));
  });
});
