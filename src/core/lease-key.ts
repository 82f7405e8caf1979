import { primaryOf } from './cache-key.ts';

/** Before the key of what is refreshed; no other lease has a key that starts like it. */
const refreshing = 'refresh\n';

/**
 * The key of the lease on asking the origin for what is not stored.
 *
 * @param slot - Where responses to the method are kept: the primary key, or its twin for HEAD. There is no line break in it.
 * @param epoch - The epoch of the index: what was invalidated since is not waited for.
 * @param selecting - A digest of what requests have in common beyond that; `undefined` for nothing.
 */
export function missLeaseKey(slot: string, epoch: string, selecting: string | undefined): string {
  return selecting === undefined ? `${slot}\n${epoch}` : `${slot}\n${epoch}\n${selecting}`;
}

/** The key of the lease on validating a stored response behind those that are answered with it. */
export function refreshLeaseKey(key: string): string {
  return refreshing + key;
}

/** The primary key that a lease is about. */
export function primaryOfLease(leaseKey: string): string {
  if (leaseKey.startsWith(refreshing)) return primaryOf(leaseKey.slice(refreshing.length));
  const end = leaseKey.indexOf('\n');
  return primaryOf(end === -1 ? leaseKey : leaseKey.slice(0, end));
}
