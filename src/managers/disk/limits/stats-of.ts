import type { ManagerStats } from '../../manager.ts';
import type { StoreParts } from '../store-parts.ts';

/** What a store holds, by what all processes told each other. */
export async function statsOf({ evictor, options, totals, watch }: StoreParts): Promise<ManagerStats> {
  await watch.look();
  await evictor.counted();
  const { entries, bytes } = totals.stored();
  return {
    entries,
    bytes: Math.round(bytes),
    maxEntries: options.maxEntries,
    maxBytes: options.maxSize,
    evictions: evictor.evictions,
  };
}
