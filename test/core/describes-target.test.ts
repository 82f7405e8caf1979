import { describe, expect, it } from 'vitest';
import { describesTarget } from '../../src/core/describes-target.ts';
import type { FieldLines } from '../../src/core/message.ts';
import { response } from './messages.ts';

const url = 'http://a.test/items/1?x=1';

function describes(headers: FieldLines, { method = 'POST', status = 200 } = {}): boolean {
  return describesTarget({ method, url, headers: [] }, { ...response({}, status), headers });
}

describe('RFC 9110 §9.3.3 an answer to POST that is what a GET would get', () => {
  it.each([url, '1?x=1', '?x=1', '', '/items/1?x=1', '//a.test/items/1?x=1', 'http://A.test:80/items/1?x=1'])(
    'has the Content-Location %j',
    (location) => {
      expect(describes([['Content-Location', location]])).toBe(true);
    },
  );

  it.each([
    ...['/items/1', '/items/1?x=2', 'https://a.test/items/1?x=1', 'http://b.test/items/1?x=1'],
    ...['?x=1#part', '#', 'data:,x', 'blob:http://a.test/items/1?x=1', 'mailto:a@a.test', 'http://'],
  ])('does not have the Content-Location %j', (location) => {
    expect(describes([['Content-Location', location]])).toBe(false);
  });

  it('has one Content-Location', () => {
    expect(describes([])).toBe(false);
    expect(
      describes([
        ['Content-Location', url],
        ['content-location', url],
      ]),
    ).toBe(false);
  });

  it('is a 200 to a POST', () => {
    expect(describes([['Content-Location', url]], { method: 'PUT' })).toBe(false);
    expect(describes([['Content-Location', url]], { status: 201 })).toBe(false);
  });
});
