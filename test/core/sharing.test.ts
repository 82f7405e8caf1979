import { describe, expect, it } from 'vitest';
import type { CacheMode } from '../../src/core/cache-mode.ts';
import { isEndless, mayBeCollapsed } from '../../src/core/sharing.ts';
import { lines, request } from './messages.ts';

function mayCollapse(asked: Readonly<Record<string, string>>, mode: CacheMode = 'default'): boolean {
  return mayBeCollapsed(request(asked), mode);
}

/** Names of the media type of a response without end, and of others like it. */
const eventStreams = [
  'text/event-stream',
  'Text/Event-Stream',
  'text/event-stream;charset=utf-8',
  'text/event-stream ; charset=utf-8',
];
const others = ['text/html', 'text/event-streams', 'text/event-stream2', 'x-text/event-stream', '', '*/*'];

describe('who waits for the response to another request', () => {
  it.each<[CacheMode, boolean]>([
    ['default', true],
    ['force-cache', true],
    ['ignore-rules', true],
    ['reload', false],
    ['no-cache', false],
    ['no-store', false],
    ['only-if-cached', false],
  ])('in the mode %s: %s', (mode, expected) => {
    expect(mayCollapse({}, mode)).toBe(expected);
  });

  it.each([
    ['no-cache', false],
    ['no-store', false],
    ['max-age=0', false],
    ['max-age=1', true],
    ['min-fresh=1', true],
    ['only-if-cached', true],
  ])('says %s: %s (RFC 9111 §5.2.1)', (directive, expected) => {
    expect(mayCollapse({ 'Cache-Control': directive })).toBe(expected);
  });

  it('is not one with a condition of its own: its answer may be a 304 that means nothing to others', () => {
    expect(mayCollapse({ 'If-None-Match': '"a"' })).toBe(false);
    expect(mayCollapse({ 'If-Modified-Since': 'x' })).toBe(false);
  });

  it('is not one that asks for a part: its answer is for nobody else (RFC 9111 §4)', () => {
    expect(mayCollapse({ Range: 'bytes=0-' })).toBe(false);
    expect(mayCollapse({ Range: 'bytes=0-1,2-3' }, 'force-cache')).toBe(false);
  });

  it('is one with an If-Range that is about no Range (RFC 9110 §13.1.5)', () => {
    expect(mayCollapse({ 'If-Range': '"a"' })).toBe(true);
  });

  it.each(eventStreams)('is not one that accepts %j', (type) => {
    expect(mayCollapse({ Accept: type })).toBe(false);
    expect(mayCollapse({ Accept: `text/html, ${type}, */*` })).toBe(false);
    expect(
      mayBeCollapsed({ ...request(), headers: [...lines({ Accept: '*/*' }), ['accept', type]] }, 'default'),
    ).toBe(false);
  });

  it.each(others)('may accept %j', (type) => {
    expect(mayCollapse({ Accept: type })).toBe(true);
  });
});

describe('a response without end', () => {
  it.each(eventStreams)('is one of %j', (type) => {
    expect(isEndless([['Content-Type', type]])).toBe(true);
  });

  it.each(others)('is none of %j', (type) => {
    expect(isEndless([['Content-Type', type]])).toBe(false);
    expect(isEndless([['Accept', 'text/event-stream']])).toBe(false);
  });
});
