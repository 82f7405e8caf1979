import { describe, expect, it } from 'vitest';
import { headKey, variantKey } from '../../src/core/cache-key.ts';
import { missLeaseKey, primaryOfLease, refreshLeaseKey } from '../../src/core/lease-key.ts';

const uri = 'http://example.com/a?b';
const variant = variantKey(headKey(uri), 'epoch', [['accept', 'text/html']], 'digest');

describe('the key of a lease', () => {
  it.each([
    missLeaseKey(uri, '', undefined),
    missLeaseKey(headKey(uri), 'epoch', 'digest'),
    refreshLeaseKey(uri),
    refreshLeaseKey(variant),
    uri,
    variant,
  ])('tells which target URI it is about: %j', (key) => {
    expect(primaryOfLease(key)).toBe(uri);
  });
});
