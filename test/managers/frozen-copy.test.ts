import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frozenCopy } from '../../src/managers/frozen-copy.ts';

/** Also what JSON drops, changes or reads anew. */
const anyData = fc.object({
  withDate: true,
  withNullPrototype: true,
  withTypedArray: true,
  withMap: true,
  key: fc.oneof(fc.string(), fc.constantFrom('__proto__', 'toJSON', 'constructor')),
});

describe('frozenCopy', () => {
  it('gives what JSON would make of the data', () => {
    fc.assert(
      fc.property(anyData, (data) =>
        isDeepStrictEqual(frozenCopy(data).value, JSON.parse(JSON.stringify(data))),
      ),
    );
  });

  it('leaves out what JSON leaves out', () => {
    const data = {
      one: undefined,
      two: () => 1,
      three: Symbol('three'),
      list: [undefined, () => 1],
      zero: -0,
    };

    expect(frozenCopy(data).value).toStrictEqual({ list: [null, null], zero: 0 });
  });

  it('takes what has a toJSON of its own for what that gives', () => {
    const list = Object.assign([1, 2], { toJSON: () => 'a list' });

    expect(frozenCopy({ at: new Date(0), own: { toJSON: () => [1] }, list }).value).toStrictEqual({
      at: '1970-01-01T00:00:00.000Z',
      own: [1],
      list: 'a list',
    });
  });

  it('is frozen all the way down', () => {
    fc.assert(fc.property(anyData, (data) => isFrozen(frozenCopy(data).value)));
  });

  it('shares nothing with the data', () => {
    const data = { list: [['a', 'b']], inner: { name: 'value' } };
    const { value } = frozenCopy(data);
    data.list[0]?.push('c');
    data.inner.name = 'changed';

    expect(value).toStrictEqual({ list: [['a', 'b']], inner: { name: 'value' } });
  });

  it('tells a size near to the length of the JSON', () => {
    const data = { status: 200, headers: [['Content-Type', 'application/json']], url: 'http://a.test/' };
    const { length } = JSON.stringify(data);

    expect(Math.abs(frozenCopy(data).size - length)).toBeLessThan(length / 5);
  });
});

function isFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isFrozen);
}
