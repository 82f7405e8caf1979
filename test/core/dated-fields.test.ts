import { describe, expect, it } from 'vitest';
import { datedFields } from '../../src/core/dated-fields.ts';

describe('RFC 9110 §6.6.1 a response without a Date', () => {
  it('is given that of its reception, behind its own fields', () => {
    const time = Date.UTC(2030, 0, 2, 3, 4, 5, 678);
    expect(datedFields([['ETag', '"e"']], time)).toEqual([
      ['ETag', '"e"'],
      ['Date', 'Wed, 02 Jan 2030 03:04:05 GMT'],
    ]);
  });

  it('keeps a Date of its own, whatever that says', () => {
    const fields = [['date', 'yesterday']] as const;
    expect(datedFields(fields, 0)).toBe(fields);
  });
});
