import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/cli/command-errors.ts';
import { urlPattern } from '../../../src/cli/select/url-pattern.ts';
import { makeMasker } from '../../../src/cli/text/masking.ts';

describe('a URL without *', () => {
  it('matches itself only', () => {
    const isMeant = urlPattern('https://a.test/p?q=1');
    expect(isMeant('https://a.test/p?q=1')).toBe(true);
    expect(isMeant('https://a.test/p?q=12')).toBe(false);
    expect(isMeant('https://a.test/P?q=1')).toBe(false);
  });

  it('matches the form in which it is stored', () => {
    expect(urlPattern('HTTPS://A.test:443/x/../#top')('https://a.test/')).toBe(true);
    expect(urlPattern('https://user:pass@a.test')('https://a.test/')).toBe(true);
  });

  it.each(['a.test', '', 'ftp://a.test/', '/path'])('is refused when it is %j', (written) =>
    expect(() => urlPattern(written)).toThrow(UsageError),
  );
});

describe('a pattern', () => {
  it.each([
    ['*', 'https://a.test/', true],
    ['https://a.test/*', 'https://a.test/', true],
    ['https://a.test/*', 'https://b.test/?https://a.test/', false],
    ['*.json', 'https://a.test/x.json', true],
    ['*.json', 'https://a.test/x.json?q', false],
    ['*a*a*', 'https://b.test/a', false],
    ['*/a*a', 'https://b.test/a', false],
    ['https://*.test/*/c', 'https://a.test/b/c', true],
    [String.raw`*?q=\*`, 'https://a.test/?q=*', true],
    [String.raw`*?q=\*`, 'https://a.test/?q=1', false],
  ])('%s, and %s: %s', (pattern, url, expected) => expect(urlPattern(pattern)(url)).toBe(expected));

  it('matches as the regular expression would that it stands for', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 12 });
    const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*'), maxLength: 8 });
    fc.assert(
      fc.property(patterns, texts, (pattern, text) => {
        fc.pre(pattern.includes('*'));
        const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text);
        expect(urlPattern(pattern)(text)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('takes no time to speak of for what regular expressions are slow at', () => {
    expect(urlPattern(`${'*a'.repeat(50)}b`)(`https://a.test/${'a'.repeat(50_000)}`)).toBe(false);
  });

  it('finds what was masked when it was printed', () => {
    const url = 'https://u:p@a.test/?token=abc&q=1';
    const printed = makeMasker({ more: [], showSecrets: false }).url(url);
    expect(urlPattern(printed)(url)).toBe(true);
  });

  it('is refused when it was cut by a terminal', () => {
    expect(() => urlPattern('https://a.test/lo…')).toThrow(/cut to fit a terminal.*ls --json/);
  });
});
