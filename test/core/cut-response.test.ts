import { describe, expect, it } from 'vitest';
import { type Cut, cutToRange } from '../../src/core/cut-response.ts';
import type { FieldLines } from '../../src/core/message.ts';
import { httpDate, lines, request, start, storedHead } from './messages.ts';

const fields: FieldLines = [
  ['Date', httpDate(start)],
  ['content-length', '10'],
  ['Content-Type', 'text/plain'],
  ['Content-Encoding', 'identity'],
  ['ETag', '"a"'],
  ['Set-Cookie', 'a=1'],
  ['Set-Cookie', 'b=2'],
];

const cut = (
  asked: Readonly<Record<string, string>>,
  given: { fields?: FieldLines; status?: number; size?: number } = {},
): Cut =>
  cutToRange({
    request: request(asked),
    head: storedHead(given.fields ?? fields, given.status),
    size: given.size ?? 10,
    now: start,
  });

const without = (...names: readonly string[]): FieldLines => fields.filter(([name]) => !names.includes(name));

describe('RFC 9110 §15.3.7 a part of a stored response', () => {
  it('has all fields of the whole, and its own range and length', () => {
    expect(cut({ Range: 'bytes=2-4' })).toEqual({
      head: {
        status: 206,
        statusText: 'Partial Content',
        httpVersion: '1.1',
        headers: [...without('content-length'), ['Content-Range', 'bytes 2-4/10'], ['Content-Length', '3']],
      },
      body: { start: 2, end: 4 },
    });
  });

  it('has a length where the whole came without one', () => {
    const { headers } = cut({ Range: 'bytes=-3' }, { fields: without('content-length') }).head;
    expect(headers.slice(-2)).toEqual([
      ['Content-Range', 'bytes 7-9/10'],
      ['Content-Length', '3'],
    ]);
  });

  it('has no field that is about the content of the whole alone', () => {
    const digests = lines({ 'Content-Digest': 'sha-256=:AA==:', 'Content-MD5': 'AA==', Trailer: 'X' });
    const meaningless = lines({ 'Content-Range': 'bytes 0-1/2' });
    const kept = lines({ 'Repr-Digest': 'sha-256=:AA==:', Digest: 'sha-256=AA==' });
    const { headers } = cut({ Range: 'bytes=0-0' }, { fields: [...digests, ...meaningless, ...kept] }).head;
    expect(headers.slice(0, -2)).toEqual(kept);
  });

  it.each(['gzip', 'br, identity', 'identity, gzip'])(
    'is not cut where it has a content coding: %s (§14.1)',
    (coding) => {
      const coded = lines({ 'Content-Encoding': coding });
      expect(cut({ Range: 'bytes=2-4' }, { fields: coded })).toMatchObject({
        head: { status: 200 },
        body: 'whole',
      });
    },
  );

  it('is cut from what the origin itself does not cut (§14.3)', () => {
    expect(cut({ Range: 'bytes=2-4' }, { fields: lines({ 'Accept-Ranges': 'none' }) }).body).toEqual({
      start: 2,
      end: 4,
    });
  });

  it('may be all of it', () => {
    const { head, body } = cut({ Range: 'bytes=0-' });
    expect(head.status).toBe(206);
    expect(body).toEqual({ start: 0, end: 9 });
  });

  it('is what a condition that is met asks for', () => {
    expect(cut({ Range: 'bytes=2-4', 'If-Range': '"a"' }).head.status).toBe(206);
  });
});

describe('RFC 9110 §15.5.17 a range of which there is nothing', () => {
  it.each(['bytes=10-', 'bytes=-0'])('%s is told the length, and nothing of the stored response', (range) => {
    expect(cut({ Range: range })).toEqual({
      head: {
        status: 416,
        statusText: 'Range Not Satisfiable',
        httpVersion: '1.1',
        headers: [
          ['Date', httpDate(start)],
          ['Content-Range', 'bytes */10'],
          ['Content-Length', '0'],
        ],
      },
      body: 'none',
    });
  });

  it('is so of an empty body', () => {
    const { head, body } = cut({ Range: 'bytes=0-' }, { size: 0 });
    expect(head.headers).toContainEqual(['Content-Range', 'bytes */0']);
    expect(body).toBe('none');
  });
});

describe('the whole', () => {
  it.each<[string, Readonly<Record<string, string>>, { status?: number; size?: number }]>([
    ['no range', {}, {}],
    ['a condition without a range', { 'If-Range': '"b"' }, {}],
    ['several ranges', { Range: 'bytes=0-0,2-2' }, {}],
    ['a condition that is not met', { Range: 'bytes=0-0', 'If-Range': '"b"' }, {}],
    ['one that is not met, and no such range', { Range: 'bytes=10-', 'If-Range': '"b"' }, {}],
    ['what is no 200', { Range: 'bytes=0-0' }, { status: 203 }],
    ['an error', { Range: 'bytes=10-' }, { status: 404 }],
    ['the end of an empty body', { Range: 'bytes=-1' }, { size: 0 }],
  ])('answers %s', (_, asked, given) => {
    expect(cut(asked, given)).toEqual({ head: storedHead(fields, given.status), body: 'whole' });
  });
});
