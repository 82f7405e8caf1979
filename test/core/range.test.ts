import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askedRange, parseRange, type RangeSpec, resolveRange } from '../../src/core/range.ts';
import type { FieldLines } from '../../src/core/message.ts';

const int = (first: number, last = Infinity): RangeSpec => ({ kind: 'int', first, last });
const suffix = (length: number): RangeSpec => ({ kind: 'suffix', length });

describe('RFC 9110 §14.2 parsing a Range', () => {
  it.each<[string, RangeSpec]>([
    ['bytes=0-0', int(0, 0)],
    ['bytes=2-5', int(2, 5)],
    ['bytes=007-0010', int(7, 10)],
    ['bytes=007-10', int(7, 10)],
    ['bytes=007-8', int(7, 8)],
    ['bytes=9-', int(9)],
    ['bytes=-5', suffix(5)],
    ['bytes=-0', suffix(0)],
    ['Bytes=0-1', int(0, 1)],
    ['BYTES=-1', suffix(1)],
  ])('takes %s', (value, expected) => {
    expect(parseRange(value)).toEqual(expected);
  });

  it.each([
    '',
    'bytes',
    'bytes=',
    'bytes=-',
    'bytes=5-4',
    'bytes=10-9',
    'bytes=2-001',
    'bytes=9007199254740993-9007199254740992',
    'bytes=0-1,3-4',
    'bytes=0-1,',
    'bytes=,0-1',
    'bytes =0-1',
    'bytes= 0-1',
    'bytes=0-1 ',
    'bytes=0 -1',
    'bytes=0-1\n',
    'bytes=+1-2',
    'bytes=1.0-2',
    'bytes=0x1-2',
    'bytes=1e3-',
    'bytes=--1',
    'bytes=1--2',
    'bytes=a-b',
    'bytes=*',
    'bytes=\u0661-\u0662',
    'bytes:0-1',
    'bytes 0-1/2',
    'megabytes=0-1',
    'items=0-1',
    'pages=1',
    '0-1',
  ])('leaves %j to the origin', (value) => {
    expect(parseRange(value)).toBeUndefined();
  });

  it('compares positions beyond the exact integers', () => {
    const long = '9'.repeat(400);
    expect(parseRange(`bytes=0-${long}`)).toEqual(int(0));
    expect(parseRange(`bytes=${long}-`)).toEqual(int(Infinity));
    expect(parseRange(`bytes=${long}-${long}`)).toEqual(int(Infinity));
    expect(parseRange(`bytes=${long}9-${long}`)).toBeUndefined();
    expect(parseRange(`bytes=${long}-9`)).toBeUndefined();
    expect(parseRange(`bytes=9-000${long}`)).toEqual(int(9));
    expect(parseRange(`bytes=-${long}`)).toEqual(suffix(Infinity));
  });

  it('never throws, and takes nothing that does not name one range', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.stringMatching(/^[bytesBYTES=\d, -]{0,20}$/),
      fc
        .tuple(fc.constantFrom('bytes=', 'items=', ''), fc.stringMatching(/^[\d,-]{0,12}$/))
        .map((two) => two.join('')),
    );
    fc.assert(
      fc.property(anything, (value) => {
        const range = parseRange(value);
        if (range === undefined) return;
        expect(value).toMatch(/^bytes=\d*-\d*$/i);
        if (range.kind === 'int') expect(range.last).toBeGreaterThanOrEqual(range.first);
      }),
    );
  });
});

describe('what a request asks for', () => {
  const asks = (headers: FieldLines, method = 'GET'): unknown =>
    askedRange({ method, url: 'http://origin.test/', headers });

  it('is the whole without a Range', () => {
    expect(asks([])).toBe('whole');
    expect(asks([['If-Range', '"a"']])).toBe('whole');
  });

  it('is one range of bytes', () => {
    expect(asks([['range', 'bytes=1-2']])).toEqual(int(1, 2));
    expect(
      asks([
        ['Range', 'bytes=-2'],
        ['If-Range', '"a"'],
      ]),
    ).toEqual(suffix(2));
  });

  it.each(['HEAD', 'POST', 'get', 'QUERY'])('is the whole with the method %s (§14.2)', (method) => {
    expect(asks([['Range', 'bytes=1-2']], method)).toBe('whole');
  });

  it.each<[string, FieldLines]>([
    ['several ranges', [['Range', 'bytes=0-1,2-3']]],
    ['another unit', [['Range', 'lines=0-1']]],
    ['what is no range', [['Range', 'bytes']]],
    [
      'two lines',
      [
        ['Range', 'bytes=0-1'],
        ['Range', 'bytes=0-1'],
      ],
    ],
    [
      'two conditions',
      [
        ['Range', 'bytes=0-1'],
        ['If-Range', '"a"'],
        ['If-Range', '"a"'],
      ],
    ],
  ])('is for the origin: %s', (_, headers) => {
    expect(asks(headers)).toBe('other');
  });
});

describe('RFC 9110 §14.1.2 a range of a body', () => {
  it.each<[string, number, unknown]>([
    ['bytes=0-0', 10, { start: 0, end: 0 }],
    ['bytes=0-', 10, { start: 0, end: 9 }],
    ['bytes=9-', 10, { start: 9, end: 9 }],
    ['bytes=2-5', 10, { start: 2, end: 5 }],
    ['bytes=2-99', 10, { start: 2, end: 9 }],
    ['bytes=2-10', 10, { start: 2, end: 9 }],
    ['bytes=-1', 10, { start: 9, end: 9 }],
    ['bytes=-10', 10, { start: 0, end: 9 }],
    ['bytes=-11', 10, { start: 0, end: 9 }],
    [`bytes=-${'9'.repeat(400)}`, 10, { start: 0, end: 9 }],
    ['bytes=10-', 10, 'unsatisfiable'],
    ['bytes=10-11', 10, 'unsatisfiable'],
    [`bytes=${'9'.repeat(400)}-`, 10, 'unsatisfiable'],
    ['bytes=-0', 10, 'unsatisfiable'],
    ['bytes=0-', 0, 'unsatisfiable'],
    ['bytes=0-0', 0, 'unsatisfiable'],
    ['bytes=-0', 0, 'unsatisfiable'],
    ['bytes=-1', 0, 'whole'],
  ])('%s of %d bytes', (value, size, expected) => {
    const range = parseRange(value);
    expect(range && resolveRange(range, size)).toEqual(expected);
  });

  it('is what slice gives', () => {
    const size = fc.nat({ max: 50 });
    const position = fc.nat({ max: 60 });
    const body = Buffer.from(Array.from({ length: 50 }, (_, index) => index));
    const cut = (length: number, value: string): Buffer => {
      const range = parseRange(value);
      const part = range && resolveRange(range, length);
      if (part === undefined) throw new Error(`${value} was not taken`);
      if (part === 'unsatisfiable') return Buffer.alloc(0);
      return part === 'whole' ? body.subarray(0, length) : body.subarray(part.start, part.end + 1);
    };
    fc.assert(
      fc.property(size, position, position, (length, first, more) => {
        const whole = body.subarray(0, length);
        expect(cut(length, `bytes=${first}-${first + more}`)).toEqual(
          whole.subarray(first, first + more + 1),
        );
        expect(cut(length, `bytes=${first}-`)).toEqual(whole.subarray(first));
        expect(cut(length, `bytes=-${more}`)).toEqual(whole.subarray(Math.max(0, length - more)));
      }),
    );
  });
});
