import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { targetUri } from '../../src/core/target-uri.ts';

/** The way around the shortcut. */
function serialised(text: string): string {
  const url = new URL(text);
  url.username = '';
  url.password = '';
  url.hash = '';
  return url.href;
}

describe('RFC 9110 §7.1 target URI', () => {
  it.each([
    ['http://a.test', 'http://a.test/'],
    ['HTTP://A.Test:80/x', 'http://a.test/x'],
    ['https://a.test:443/', 'https://a.test/'],
    ['https://a.test:80/', 'https://a.test:80/'],
    ['http://user:secret@a.test/x', 'http://a.test/x'],
    ['http://a.test/x#part', 'http://a.test/x'],
    ['http://a.test/x#', 'http://a.test/x'],
    ['http://a.test/x?', 'http://a.test/x?'],
    ['http://a.test/a/../b/./c', 'http://a.test/b/c'],
    ['http://a.test/a/%2e%2E/b', 'http://a.test/b'],
    ['http://a.test/ü', 'http://a.test/%C3%BC'],
    ['http://bücher.test/', 'http://xn--bcher-kva.test/'],
    ['http://0x7f.1/', 'http://127.0.0.1/'],
    ['http://[::1]:8080/x', 'http://[::1]:8080/x'],
    [' http://a.test/x', 'http://a.test/x'],
    ['http://a.b#/', 'http://a.b/'],
    ['http://a-#.b/x', 'http://a-/'],
    ['http://a.test/x y', 'http://a.test/x%20y'],
  ])('makes %s into %s', (url, expected) => {
    expect(targetUri(url)).toBe(expected);
    expect(targetUri(new URL(url))).toBe(expected);
  });

  it.each([
    'http://a.test/?b=2&a=1',
    'http://a.test/?utm_source=x',
    'http://a.test//x//',
    'http://a.test/x/',
    'http://a.test/%7Ex',
    'http://a.test/%2f',
  ])('leaves %s as it is', (url) => {
    expect(targetUri(url)).toBe(url);
  });

  it.each([
    ...['', '/x', 'a.test', 'ftp://a.test/', 'xhttp://a.test/', 'data:,x', 'http://', 'http://a b/'],
    ...['http://a.test:99999/', 'http://a.test:65536/', 'http://a.test:8x/', 'http://a.test:1abcd/'],
    'http://a.test:60abc/',
  ])('refuses %j', (url) => {
    expect(() => targetUri(url)).toThrow(TypeError);
    expect(() => targetUri(url)).toThrow('give an absolute http: or https: URL');
  });

  it('gives what the URL parser gives, by the shortcut too', () => {
    const host = fc.oneof(
      fc.stringMatching(/^[a-z0-9-]{1,8}(\.[a-z0-9-]{1,6}){0,2}$/),
      fc.constantFrom('127.0.0.1', 'localhost', '1.2', 'a.0x1', 'xn--a', '1.2.3.4', 'A.test', 'a.1a', 'a.b.'),
    );
    const port = fc.constantFrom('', ':80', ':443', ':8080', ':65535', ':0080', ':60999', ':1');
    const rest = fc.string({ unit: fc.constantFrom(...'ab/.%2eE?#@:;=&+~!$\'()*,_-"<>^`{|} \\[]é') });
    fc.assert(
      fc.property(fc.constantFrom('http', 'https', 'HTTP'), host, port, rest, (scheme, name, at, tail) => {
        const text = `${scheme}://${name}${at}/${tail}`;
        fc.pre(URL.canParse(text));
        expect(targetUri(text)).toBe(serialised(text));
      }),
      { numRuns: 3000 },
    );
  });

  it('accepts nothing by the shortcut that the URL parser refuses', () => {
    const host = fc.stringMatching(/^[a-z0-9.-]{1,12}$/);
    fc.assert(
      fc.property(host, (name) => {
        const text = `http://${name}/`;
        fc.pre(!URL.canParse(text));
        expect(() => targetUri(text)).toThrow(TypeError);
      }),
      { numRuns: 3000 },
    );
  });
});
