import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutToWidth } from '../../../src/cli/text/cut-to-width.ts';

describe('a line', () => {
  it('stays whole where there is room, or no terminal', () => {
    expect(cutToWidth('abcdef', 6)).toBe('abcdef');
    expect(cutToWidth('abcdef', undefined)).toBe('abcdef');
  });

  it('is cut to the columns, the mark of it included', () => expect(cutToWidth('abcdef', 5)).toBe('abcd…'));

  it('takes two columns for wide characters', () => {
    expect(cutToWidth('日本語', 6)).toBe('日本語');
    expect(cutToWidth('日本語', 5)).toBe('日本…');
    expect(cutToWidth('日本語', 4)).toBe('日…');
  });

  it('is never longer than it was, nor cut within a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 20 }), (line, columns) => {
        const cut = cutToWidth(line, columns);
        expect(line.startsWith(cut.endsWith('…') && cut !== line ? cut.slice(0, -1) : cut)).toBe(true);
        expect([...cut].length).toBeLessThanOrEqual(Math.max(columns, 1));
        expect(() => encodeURIComponent(cut)).not.toThrow();
      }),
    );
  });
});
