import { once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { TieredManager } from '../../../src/managers/tiered/tiered-manager.ts';
import { SettableClock } from '../../../src/testing/settable-clock.ts';
import { bodyOf } from '../samples.ts';
import { put } from '../tiered/two-processes.ts';
import { openDescriptors } from './open-descriptors.ts';
import { temporaryManager } from './temporary-folder.ts';

const large = 'x'.repeat(100_000);

describe.runIf(process.platform === 'linux')('a disk before a disk', () => {
  it('leaves no descriptor', async () => {
    const near = temporaryManager({ inlineMax: 0 }).manager;
    const far = temporaryManager({ inlineMax: 0 }).manager;
    const clock = new SettableClock();
    const tiered = new TieredManager({ near, far, clock });
    const descriptors = openDescriptors();
    await put(tiered, large);
    for (const use of ['release', 'range', 'destroy', 'read', 'read'] as const) {
      // One that answers, and one that is compared.
      for (const ms of [0, 1000]) {
        clock.advance(ms);
        const stored = await tiered.getStream('key');
        if (stored === undefined) throw new Error('nothing is stored');
        if (use === 'release') stored.release();
        else if (use === 'range') await bodyOf(tiered, stored, { start: 0, end: 9 });
        else if (use === 'read') await bodyOf(tiered, stored);
        else await once(tiered.streamResponse(stored).destroy(), 'close');
        await vi.waitFor(() => expect(openDescriptors()).toBe(descriptors));
      }
    }
    expect(await near.stats()).toMatchObject({ entries: 1 });
  });
});
