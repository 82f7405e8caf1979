import { storedShape } from '../../core/stored-shape.ts';
import { Layout } from '../../managers/disk/format/layout.ts';
import type { StreamingManager } from '../../managers/disk/streaming-manager.ts';
import { judgeEntry, type StoredEntry } from '../select/stored-entry.ts';
import type { Progress } from '../terminal/progress.ts';
import { plural } from '../text/plural.ts';
import { countingPolicy } from './counting-policy.ts';

/** What is walked through, and how. */
export interface WalkOptions {
  readonly store: Pick<StreamingManager, 'entries'>;
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Milliseconds since 1970: one time for all of it. */
  readonly now: number;
}

/**
 * Meets every stored response, one after the other, while others go on with the store. Passes over what the cache keeps for
 * itself, and over what a later version stored.
 */
export async function* walk(options: WalkOptions): AsyncGenerator<StoredEntry, void, undefined> {
  const { store, signal, progress, now } = options;
  const layout = new Layout(options.folder);
  let count = 0;
  for await (const summary of store.entries()) {
    signal.throwIfAborted();
    count++;
    progress.tell(() => `${plural(count, 'entry', 'entries')} read`);
    const { cacheKey, head, policy } = summary;
    if (policy.kind !== 'response' || storedShape(summary) !== 'usable' || typeof head.url !== 'string')
      continue;
    const counting = await countingPolicy(layout, { cacheKey, policy }, now);
    yield judgeEntry(summary, { policy: counting ?? policy, isInvalidated: counting === undefined, now });
  }
  signal.throwIfAborted();
}
