import { describe, expect, it } from 'vitest';
import { fieldValue, fieldValues, hasField } from '../../src/core/fields.ts';
import type { FieldLines } from '../../src/core/message.ts';

const headers: FieldLines = [
  ['Link', '<a>'],
  ['content-type', 'text/plain'],
  ['LINK', '<b>'],
  ['Empty', ''],
];

describe('RFC 9110 §5.1, §5.3 field lines', () => {
  it('finds lines whatever the case of their names, in order', () => {
    expect(fieldValues(headers, 'link')).toEqual(['<a>', '<b>']);
    expect(fieldValue(headers, 'link')).toBe('<a>, <b>');
  });

  it('tells an empty field from an absent one', () => {
    expect(fieldValue(headers, 'empty')).toBe('');
    expect(fieldValue(headers, 'absent')).toBeUndefined();
    expect(hasField(headers, 'empty')).toBe(true);
    expect(hasField(headers, 'absent')).toBe(false);
  });

  it.each(['constructor', '__proto__', 'toString'])('takes %s for a name like any other', (name) => {
    expect(hasField(headers, name)).toBe(false);
    expect(fieldValue([[name, 'x']], name.toLowerCase())).toBe('x');
  });
});
