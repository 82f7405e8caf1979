import { describe, expect, it } from 'vitest';
import { outdates } from '../../src/core/outdates.ts';
import { response } from './messages.ts';

describe('an answer that is not stored', () => {
  it.each([200, 204, 301, 399, 404, 410])('tells with a %d that what is stored is no longer so', (status) => {
    expect(outdates(response({}, status))).toBe(true);
  });

  it.each([101, 206, 304, 400, 403, 429, 500, 503])('tells nothing of it with a %d', (status) => {
    expect(outdates(response({}, status))).toBe(false);
  });
});
