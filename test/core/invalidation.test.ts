import { describe, expect, it } from 'vitest';
import { invalidatedUris, isUnsafe } from '../../src/core/invalidation.ts';
import { response } from './messages.ts';

const url = 'http://a.test/items/1?x=1';

function invalidated(fields: Record<string, string> = {}, { method = 'POST', status = 200 } = {}): string[] {
  return invalidatedUris({ method, url, headers: [] }, response(fields, status));
}

describe('RFC 9111 §4.4 invalidation', () => {
  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'PROPPATCH', 'get', 'M-SEARCH', 'UNKNOWN'])(
    '%s is unsafe',
    (method) => {
      expect(isUnsafe(method)).toBe(true);
      expect(invalidated({}, { method })).toEqual([url]);
    },
  );

  it.each(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY', 'REPORT', 'SEARCH'])(
    '%s is safe',
    (method) => {
      expect(isUnsafe(method)).toBe(false);
      expect(invalidated({ Location: '/y' }, { method })).toEqual([]);
    },
  );

  it.each([200, 201, 204, 301, 303, 399])('a %d invalidates', (status) => {
    expect(invalidated({}, { status })).toEqual([url]);
  });

  it.each([101, 400, 403, 404, 412, 500, 503])('a %d does not', (status) => {
    expect(invalidated({ Location: '/y' }, { status })).toEqual([]);
  });

  it('reaches what Location and Content-Location name, once each', () => {
    const fields = { Location: '2#part', 'Content-Location': 'http://a.test:80/items/' };
    expect(invalidated(fields)).toEqual([url, 'http://a.test/items/2', 'http://a.test/items/']);
    expect(invalidated({ Location: url, 'Content-Location': url })).toEqual([url]);
    expect(invalidated({ 'content-location': '//a.test/y' })).toEqual([url, 'http://a.test/y']);
  });

  it.each([
    'http://b.test/x',
    '//b.test/x',
    'https://a.test/x',
    'http://a.test:8080/x',
    'http://sub.a.test/x',
    'data:,x',
    'blob:http://a.test/x',
    'http://',
  ])('does not reach %s of another origin', (location) => {
    expect(invalidated({ Location: location, 'Content-Location': location })).toEqual([url]);
  });
});
