import { describe, expect, it } from 'vitest';
import { decideHeadEffect } from '../../src/core/head-effect.ts';
import type { FieldLines, ResponseHead } from '../../src/core/message.ts';

function head(headers: FieldLines, status: number = 200): ResponseHead {
  return { status, statusText: '', httpVersion: '1.1', headers };
}

const lastModified = 'Thu, 01 Jan 2026 00:00:00 GMT';
const storedHead = head([
  ['ETag', '"a"'],
  ['Last-Modified', lastModified],
  ['Content-Encoding', 'gzip'],
]);
const effect = (answer: ResponseHead, stored: ResponseHead = storedHead): string =>
  decideHeadEffect({ storedHead: stored, storedSize: 10, answer });

describe('an answer to HEAD', () => {
  it.each<[string, FieldLines]>([
    ['no validator', []],
    ['the same strong tag', [['ETag', '"a"']]],
    ['a weak tag for the same', [['ETag', 'W/"a"']]],
    ['the same Last-Modified', [['Last-Modified', lastModified]]],
    ['the length of the stored body', [['Content-Length', '10']]],
    ['the same content coding', [['Content-Encoding', 'gzip']]],
  ])('with %s freshens', (_name, headers) => {
    expect(effect(head(headers))).toBe('freshen');
  });

  it.each<[string, FieldLines]>([
    ['another tag', [['ETag', '"b"']]],
    ['another Last-Modified', [['Last-Modified', 'Thu, 01 Jan 2026 00:00:01 GMT']]],
    ['another length', [['Content-Length', '11']]],
    ['no length that can be read', [['Content-Length', '10, 10']]],
    ['another content coding', [['Content-Encoding', 'br']]],
    [
      'the same tag and another Last-Modified',
      [
        ['ETag', '"a"'],
        ['Last-Modified', 'Thu, 01 Jan 2026 00:00:01 GMT'],
      ],
    ],
  ])('with %s outdates', (_name, headers) => {
    expect(effect(head(headers))).toBe('outdate');
  });

  it('with a validator that the stored response lacks outdates', () => {
    expect(effect(head([['ETag', '"a"']]), head([]))).toBe('outdate');
    expect(effect(head([['Last-Modified', lastModified]]), head([]))).toBe('outdate');
  });

  it.each([204, 301, 404, 410])('of status %d outdates', (status) => {
    expect(effect(head([], status))).toBe('outdate');
  });

  it('of another status than the stored one outdates, and of the same one says nothing', () => {
    expect(effect(head([]), head([], 404))).toBe('outdate');
    expect(effect(head([], 404), head([], 410))).toBe('outdate');
    expect(effect(head([], 404), head([], 404))).toBe('none');
    expect(effect(head([], 301), head([], 301))).toBe('none');
    expect(effect(head([], 503), head([], 404))).toBe('none');
  });

  it.each([206, 304, 400, 403, 405, 500, 501, 503])('of status %d says nothing', (status) => {
    expect(effect(head([], status))).toBe('none');
  });
});
