import type { StoreReader } from '../managers/disk/store-reader.ts';
import type { Call } from './command.ts';
import { CommandError, exitCodes } from './command-errors.ts';
import type { StoredEntry } from './select/stored-entry.ts';

/**
 * Writes the stored bytes of a body to stdout as they are read, no faster than they are taken.
 *
 * @throws HttpCacheError when they are not what was stored.
 */
export async function printBody(
  { stdout, surroundings: { signal } }: Call,
  store: StoreReader,
  { cacheKey }: StoredEntry,
): Promise<void> {
  const body: AsyncIterable<Uint8Array> | undefined = await store.body(cacheKey);
  if (body === undefined) {
    throw new CommandError(exitCodes.nothing, 'The response is not there any more: nothing was written');
  }
  for await (const chunk of body) {
    signal.throwIfAborted();
    await stdout.write(chunk);
  }
}
