import type { StreamingManager } from '../managers/disk/streaming-manager.ts';
import type { Call } from './command.ts';
import { openExistingStore } from './store/open-existing-store.ts';
import type { StoredEntry } from './select/stored-entry.ts';
import { walk } from './store/walk.ts';
import { Progress } from './terminal/progress.ts';

/** A store that a command works on. */
export interface OpenStore {
  readonly manager: StreamingManager;
  /** Where it tells how far it is. */
  readonly progress: Progress;
  /** Meets every stored response. */
  readonly walk: () => AsyncGenerator<StoredEntry, void, undefined>;
}

/**
 * Opens the store in the folder that a command was given, and closes it when `work` is done or has failed.
 *
 * @param showsProgress - Whether to tell how far it is, where the user can see it.
 */
export async function withStore<T>(
  { given, surroundings }: Call,
  work: (store: OpenStore) => Promise<T>,
  showsProgress: boolean = true,
): Promise<T> {
  const [folder = ''] = given.operands;
  const manager = await openExistingStore(folder, given.flag('trust-directory'));
  const progress = new Progress(surroundings.stderr, showsProgress);
  const now = surroundings.now();
  const { signal } = surroundings;
  try {
    return await work({ manager, progress, walk: () => walk({ manager, folder, signal, progress, now }) });
  } finally {
    progress.clear();
    await manager.close();
  }
}
