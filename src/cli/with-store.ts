import type { StoreReader } from '../managers/disk/store-reader.ts';
import type { StreamingManager } from '../managers/disk/streaming-manager.ts';
import type { Call } from './command.ts';
import { openToChange, openToRead } from './store/open-existing-store.ts';
import type { StoredEntry } from './select/stored-entry.ts';
import { walk } from './store/walk.ts';
import { Progress } from './terminal/progress.ts';

/** A store that a command works on. */
export interface OpenStore<Store> {
  readonly store: Store;
  /** Where it tells how far it is. */
  readonly progress: Progress;
  /** Meets every stored response. */
  readonly walk: () => AsyncGenerator<StoredEntry, void, undefined>;
}

/**
 * Opens the store in the folder that a command was given, to look into it, and changes nothing there.
 *
 * @param showsProgress - Whether to tell how far it is, where the user can see it.
 */
export async function withStoreToRead<T>(
  call: Call,
  work: (store: OpenStore<StoreReader>) => Promise<T>,
  showsProgress: boolean = true,
): Promise<T> {
  const { given } = call;
  const [folder = ''] = given.operands;
  const store = await openToRead(folder, given.flag('trust-directory'));
  return await workOn(call, { store, showsProgress, work });
}

/** Opens the store in the folder that a command was given, and closes it when `work` is done or has failed. */
export async function withStoreToChange<T>(
  call: Call,
  work: (store: OpenStore<StreamingManager>) => Promise<T>,
): Promise<T> {
  const { given } = call;
  const [folder = ''] = given.operands;
  const store = await openToChange(folder, given.flag('trust-directory'));
  try {
    return await workOn(call, { store, showsProgress: true, work });
  } finally {
    await store.close();
  }
}

interface Work<Store, T> {
  readonly store: Store;
  readonly showsProgress: boolean;
  readonly work: (store: OpenStore<Store>) => Promise<T>;
}

async function workOn<Store extends Pick<StreamingManager, 'entries'>, T>(
  { given, surroundings }: Call,
  { store, showsProgress, work }: Work<Store, T>,
): Promise<T> {
  const [folder = ''] = given.operands;
  const progress = new Progress(surroundings.stderr, showsProgress);
  const now = surroundings.now();
  const { signal } = surroundings;
  try {
    return await work({ store, progress, walk: () => walk({ store, folder, signal, progress, now }) });
  } finally {
    progress.clear();
  }
}
