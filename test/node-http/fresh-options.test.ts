import { describe, expect, it } from 'vitest';
import { freshOptions } from '../../src/node-http/fresh-options.ts';

describe('freshOptions', () => {
  it('keeps what is set in the copy out of the original', () => {
    const headers = { Accept: 'a/b' };
    const options = { headers, path: '/' };
    const copy = freshOptions(options);
    copy.path = '/other';
    Reflect.set(copy.headers ?? {}, 'If-None-Match', '"1"');
    expect(options).toEqual({ headers: { Accept: 'a/b' }, path: '/' });
  });

  it('keeps the order, the case and the lists of the fields', () => {
    const { headers } = freshOptions({ headers: { 'X-b': ['1', '2'], 'x-A': '3' } });
    expect(Object.entries(headers ?? {})).toEqual([
      ['X-b', ['1', '2']],
      ['x-A', '3'],
    ]);
  });

  it('copies a header section that is a flat list, and leaves out one that is not there', () => {
    const headers = ['Accept', 'a/b'];
    const copy = freshOptions({ headers });
    expect(copy.headers).toEqual(headers);
    expect(copy.headers).not.toBe(headers);
    expect(freshOptions({ path: '/' })).toEqual({ path: '/' });
  });

  it('keeps the prototype, which is none where the client is wary, and what stands under symbols', () => {
    const key = Symbol('key');
    const copy = freshOptions(Object.assign(Object.create(null), { headers: Object.create(null), [key]: 1 }));
    expect(Object.getPrototypeOf(copy)).toBeNull();
    expect(Object.getPrototypeOf(copy.headers)).toBeNull();
    expect(Reflect.get(copy, key)).toBe(1);
  });
});
