import { describe, expect, it } from 'vitest';
import { makePaint, wantsColours } from '../../../src/cli/terminal/paint.ts';

describe('colours', () => {
  it.each([
    ['a terminal', true, {}, false, true],
    ['a file', false, {}, false, false],
    ['a terminal with NO_COLOR', true, { NO_COLOR: '1' }, false, false],
    ['a terminal with an empty NO_COLOR', true, { NO_COLOR: '' }, false, true],
    ['a dumb terminal', true, { TERM: 'dumb' }, false, false],
    ['a file with FORCE_COLOR', false, { FORCE_COLOR: '1' }, false, true],
    ['a terminal with FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false, false],
    ['a file with FORCE_COLOR and NO_COLOR', false, { FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
    ['a terminal with --no-color', true, { FORCE_COLOR: '1' }, true, false],
  ])('for %s', (_name, isTerminal, env, isForbidden, expected) => {
    expect(wantsColours(isTerminal, env, isForbidden)).toBe(expected);
  });

  it('are sequences around the text, or nothing', () => {
    expect(makePaint(true)('good', 'x')).toBe('\u001b[32mx\u001b[39m');
    expect(makePaint(false)('good', 'x')).toBe('x');
  });
});
