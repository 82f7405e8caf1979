import { describe, expect, it } from 'vitest';
import type { FieldLines } from '../../src/core/message.ts';
import { evaluatePreconditions, notModifiedHead } from '../../src/core/preconditions.ts';
import { hour, httpDate, lines, response, start, storedHead } from './messages.ts';

const modified = start - hour;

function evaluate(asked: Record<string, string>, stored: Record<string, string>, status = 200): string {
  return evaluatePreconditions(lines(asked), response(stored, status), start);
}

describe('RFC 9111 §4.3.2 preconditions of the caller', () => {
  it.each<[string, string, string]>([
    ['"a"', '"a"', 'not-modified'],
    ['W/"a"', '"a"', 'not-modified'],
    ['"b", W/"a"', 'W/"a"', 'not-modified'],
    ['"b,", "a"', '"a"', 'not-modified'],
    ['*', '"a"', 'not-modified'],
    [' * ', '"a"', 'not-modified'],
    ['"b"', '"a"', 'send'],
    ['"*"', '"a"', 'send'],
    ['', '"a"', 'send'],
  ])('If-None-Match: %s on %s: %s', (wanted, etag, expected) => {
    expect(evaluate({ 'If-None-Match': wanted }, { ETag: etag })).toBe(expected);
  });

  it('sends what has no tag to one who asks by tag', () => {
    expect(evaluate({ 'If-None-Match': '"a"' }, {})).toBe('send');
    expect(evaluate({ 'If-None-Match': '*' }, {})).toBe('not-modified');
  });

  it.each<[number, string]>([
    [modified, 'not-modified'],
    [start, 'not-modified'],
    [modified - 1000, 'send'],
  ])('If-Modified-Since at %d: %s', (since, expected) => {
    const asked = { 'If-Modified-Since': httpDate(since) };
    expect(evaluate(asked, { 'Last-Modified': httpDate(modified) })).toBe(expected);
    expect(evaluate(asked, { Date: httpDate(modified) })).toBe(expected);
    expect(evaluate(asked, {})).toBe('send');
  });

  it('ignores an If-Modified-Since that is no date', () => {
    expect(evaluate({ 'If-Modified-Since': 'x' }, { 'Last-Modified': httpDate(modified) })).toBe('send');
  });

  it('lets If-None-Match outweigh If-Modified-Since (RFC 9110 §13.1.3)', () => {
    const stored = { ETag: '"a"', 'Last-Modified': httpDate(modified) };
    const since = { 'If-Modified-Since': httpDate(start) };
    expect(evaluate({ 'If-None-Match': '"b"', ...since }, stored)).toBe('send');
    const before = { 'If-Modified-Since': httpDate(modified - hour) };
    expect(evaluate({ 'If-None-Match': '"a"', ...before }, stored)).toBe('not-modified');
  });

  it.each(['If-Match', 'If-Unmodified-Since'])('leaves %s to the origin', (name) => {
    expect(evaluate({ [name]: '"a"', 'If-None-Match': '"a"' }, { ETag: '"a"' })).toBe('forward');
  });

  it('leaves If-Range to who cuts the range (RFC 9110 §13.2.2)', () => {
    expect(evaluate({ 'If-Range': '"b"' }, { ETag: '"a"' })).toBe('send');
    expect(evaluate({ 'If-Range': '"b"', 'If-None-Match': '"a"' }, { ETag: '"a"' })).toBe('not-modified');
  });

  it.each<[number, string]>([
    [203, 'not-modified'],
    [204, 'send'],
    [301, 'send'],
    [404, 'send'],
  ])('on a stored %d: %s, as a 304 stands for a 200 (RFC 9110 §15.4.5)', (status, expected) => {
    expect(evaluate({ 'If-None-Match': '"a"' }, { ETag: '"a"' }, status)).toBe(expected);
  });

  it('sends to one who asks for nothing special', () => {
    expect(evaluate({}, { ETag: '"a"' })).toBe('send');
  });
});

describe('RFC 9110 §15.4.5 the 304 made from a stored response', () => {
  const kept: FieldLines = [
    ['Date', httpDate(start)],
    ['Cache-Control', 'max-age=60'],
    ['cache-control', 'public'],
    ['Vary', 'Accept'],
    ['Content-Location', '/x'],
    ['Expires', '0'],
    ['Age', '5'],
  ];
  const dropped: FieldLines = [
    ['Content-Type', 'text/plain'],
    ['Content-Length', '5'],
    ['Set-Cookie', 'a=1'],
  ];

  it('has the fields that guide caches, in order, and no others', () => {
    const head = storedHead([...dropped, ...kept, ['ETag', '"a"'], ['Last-Modified', 'x']]);
    expect(notModifiedHead(head)).toEqual({
      status: 304,
      statusText: 'Not Modified',
      httpVersion: '1.1',
      headers: [...kept, ['ETag', '"a"']],
    });
  });

  it('has Last-Modified where there is no entity tag', () => {
    const head = storedHead(lines({ 'Content-Type': 'a/b', 'Last-Modified': 'x' }));
    expect(notModifiedHead(head).headers).toEqual([['Last-Modified', 'x']]);
  });
});
