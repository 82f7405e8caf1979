// @ts-check
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What ends a run early, by the number that its exit code tells. */
const signals = /** @type {const} */ ({ SIGHUP: 1, SIGINT: 2, SIGTERM: 15 });

/** Child processes may still write to a folder while it is removed. */
const removal = { recursive: true, force: true, maxRetries: 10 };

/**
 * Gives a folder to what is measured, and removes it afterwards, also when the run is broken off.
 *
 * @template T
 * @param {(folder: string) => Promise<T>} use
 * @param {string} [parent] Where it is made; with the system's temporary files where that is left out.
 */
export async function withTemporaryFolder(use, parent = tmpdir()) {
  const folder = await mkdtemp(join(parent, 'http-larder-bench-'));
  const handlers = Object.entries(signals).map(([signal, number]) => {
    const handler = () => {
      rmSync(folder, removal);
      process.exit(128 + number);
    };
    process.on(signal, handler);
    return { signal, handler };
  });
  try {
    return await use(folder);
  } finally {
    // At once: the promised way lists all of a million files first, which takes gigabytes of memory.
    rmSync(folder, removal);
    // Not before: a run that is broken off now must not leave the rest.
    for (const { signal, handler } of handlers) process.off(signal, handler);
  }
}
