import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { HeldLease } from '../../src/engine/held-lease.ts';
import { Gate } from '../helpers/gate.ts';

describe('a lease that is ended while it is renewed', () => {
  it('is let go of once it was, or the renewal would be of what another has by then', async () => {
    const renewal = new Gate();
    const calls: string[] = [];
    const lease = new HeldLease(
      {
        renew: async () => {
          calls.push('renew');
          await renewal.opened;
          calls.push('renewed');
          return true;
        },
        release: () => void calls.push('release'),
      },
      { ttlMs: 3, call: (call) => call() },
    );
    await vi.waitFor(() => expect(calls).toEqual(['renew']));
    const ended = lease.end();
    await setImmediate();
    renewal.open();
    await ended;
    expect(calls).toEqual(['renew', 'renewed', 'release']);
  });
});
