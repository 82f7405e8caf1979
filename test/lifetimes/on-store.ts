import { HttpCache } from '../../src/http-cache.ts';
import type { Asking } from '../rfc9111/ask.ts';
import type { Stage, StageOptions, StageRow } from '../streams/stage.ts';

/** Another cache with its own options on a stage's store, as after a restart of the program, and a client that asks through it. */
export function onStoreOf(stage: Stage, row: StageRow, options: StageOptions): Asking {
  const cache = new HttpCache({ manager: stage.store.manager, clock: stage.clock, ...options });
  return { origin: stage.origin, cache, client: row.connect(cache) };
}
