import type { EngineContext } from './context.ts';
import { release } from './release.ts';
import { failed } from './store.ts';
import type { UnusedResponse } from './variants.ts';

/** How often it is looked up: a copy of what another process has freshened since is of an older revision, which is not there. */
const mostAttempts = 2;

/**
 * Takes a stored response away. Leaves what took its place since: a response that is newer, or the index by which another
 * process tells that the target URI was invalidated.
 */
export async function forget({ store }: EngineContext, { key, policy }: UnusedResponse): Promise<void> {
  const attempts = store.isPrivateToProcess ? 1 : mostAttempts;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const entry = await store.get(key);
    if (entry === undefined || entry === failed) return;
    release(entry);
    if (entry.policy.id !== policy.id || (await store.delete(key, entry.token)) === failed) return;
  }
}
