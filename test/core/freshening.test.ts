import { describe, expect, it } from 'vitest';
import { freshenHead } from '../../src/core/freshening.ts';
import type { FieldLines } from '../../src/core/message.ts';
import { storedHead } from './messages.ts';

function freshen(stored: FieldLines, answer: FieldLines): FieldLines {
  return freshenHead(storedHead(stored), storedHead(answer, 304)).headers;
}

describe('RFC 9111 §3.2 updating stored header fields', () => {
  it('puts the fields of the 304 where the stored lines of that name were, and new ones behind', () => {
    const stored: FieldLines = [
      ['Set-Cookie', 'a=1'],
      ['X-Kept', '1'],
      ['set-cookie', 'b=1'],
      ['Cache-Control', 'max-age=1'],
      ['X-Kept', '2'],
    ];
    const answer: FieldLines = [
      ['X-New', 'n1'],
      ['cache-control', 'max-age=60'],
      ['SET-COOKIE', 'c=1'],
      ['Set-Cookie', 'd=1'],
      ['X-New', 'n2'],
    ];
    expect(freshen(stored, answer)).toEqual([
      ['SET-COOKIE', 'c=1'],
      ['Set-Cookie', 'd=1'],
      ['X-Kept', '1'],
      ['cache-control', 'max-age=60'],
      ['X-Kept', '2'],
      ['X-New', 'n1'],
      ['X-New', 'n2'],
    ]);
  });

  it.each([
    'X-Test',
    'Content-Foo',
    'Content-Type',
    'Content-Location',
    'Content-Security-Policy',
    'ETag',
    'Expires',
    'Last-Modified',
    'Vary',
    'Date',
    'Age',
  ])('takes %s from the 304', (name) => {
    expect(freshen([[name, 'old']], [[name, 'new']])).toContainEqual([name, 'new']);
    expect(freshen([[name, 'old']], [[name, 'new']])).not.toContainEqual([name, 'old']);
  });

  it.each(['Content-Length', 'Content-Encoding', 'Content-Range', 'Content-MD5', 'Content-Digest'])(
    'keeps %s, which the stored body has',
    (name) => {
      expect(freshen([[name, 'old']], [[name, 'new']])).toEqual([[name, 'old']]);
      expect(freshen([], [[name, 'new']])).toEqual([]);
    },
  );

  it.each(['Connection', 'Keep-Alive', 'Transfer-Encoding', 'Proxy-Authenticate', 'Upgrade'])(
    'does not take %s, which is about the connection',
    (name) => {
      expect(freshen([], [[name, 'x']])).toEqual([]);
    },
  );

  it('does not take what Connection names', () => {
    const answer: FieldLines = [
      ['Connection', 'x-hop'],
      ['X-Hop', 'new'],
    ];
    expect(freshen([['X-Hop', 'old']], answer)).toEqual([['X-Hop', 'old']]);
  });

  it('lets go of an Age and Date that the 304 does not repeat', () => {
    const stored: FieldLines = [
      ['Age', '600'],
      ['Date', 'Wed, 02 Jan 2030 12:00:00 GMT'],
      ['X-Kept', '1'],
    ];
    expect(freshen(stored, [])).toEqual([['X-Kept', '1']]);
  });

  it('keeps everything that is no field, and changes nothing in place', () => {
    const stored = { ...storedHead([['A', '1']], 203), statusText: 'Fine', metadata: { n: 1 } };
    const before = structuredClone(stored);
    const freshened = freshenHead(stored, storedHead([['B', '2']], 304));
    expect(stored).toEqual(before);
    expect(freshened).toEqual({
      ...before,
      headers: [
        ['A', '1'],
        ['B', '2'],
      ],
    });
  });
});
