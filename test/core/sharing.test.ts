import { describe, expect, it } from 'vitest';
import { mayBeCollapsed } from '../../src/core/sharing.ts';
import { request } from './messages.ts';

describe('who waits for the response to another request', () => {
  it('is not one that asks for a part: its answer is for nobody else (RFC 9111 §4)', () => {
    expect(mayBeCollapsed(request({ Range: 'bytes=0-' }), 'default')).toBe(false);
    expect(mayBeCollapsed(request({ Range: 'bytes=0-1,2-3' }), 'force-cache')).toBe(false);
  });

  it('is one with an If-Range that is about no Range (RFC 9110 §13.1.5)', () => {
    expect(mayBeCollapsed(request({ 'If-Range': '"a"' }), 'default')).toBe(true);
  });
});
