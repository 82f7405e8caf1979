import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visible } from '../../../src/cli/text/visible.ts';

describe('what is printed', () => {
  it.each([
    ['an escape sequence', '\u001b[2J', String.raw`\u001b[2J`],
    ['a control of eight bits', '\u009b2J', String.raw`\u009b2J`],
    ['a line break', 'a\r\nb', String.raw`a\u000d\u000ab`],
    ['a change of direction', 'a\u202eb', String.raw`a\u202eb`],
    ['an invisible character', 'a\u200bb', String.raw`a\u200bb`],
    ['one beyond the basic plane', 'a\u{e0041}b', String.raw`a\udb40\udc41b`],
    ['half a pair', 'a\ud800b', String.raw`a\ud800b`],
    ['a line separator', 'a\u2028b', String.raw`a\u2028b`],
  ])('has %s escaped', (_name, text, expected) => expect(visible(text)).toBe(expected));

  it('is what it was otherwise', () =>
    expect(visible('https://é.test/ü?q=日本語 😀')).toBe('https://é.test/ü?q=日本語 😀'));

  it('means the same where it is JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = visible(JSON.stringify({ text }));
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(JSON.parse(shown)).toEqual({ text });
      }),
    );
  });
});
