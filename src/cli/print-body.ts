import type { StreamingManager } from '../managers/disk/streaming-manager.ts';
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
  manager: StreamingManager,
  { cacheKey }: StoredEntry,
): Promise<void> {
  const stored = await manager.getStream(cacheKey);
  if (stored === undefined) {
    throw new CommandError(
      exitCodes.nothing,
      'The response is not there any more, or is damaged: nothing was written',
    );
  }
  const body: AsyncIterable<Uint8Array> = manager.streamResponse(stored);
  for await (const chunk of body) {
    signal.throwIfAborted();
    await stdout.write(chunk);
  }
}
