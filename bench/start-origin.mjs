// @ts-check
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Starts the origin in a process of its own. */
export async function startOrigin() {
  const child = fork(fileURLToPath(new URL('origin.mjs', import.meta.url)));
  const [url] = await once(child, 'message');
  return {
    /** @type {string} Without a slash at the end. */
    url,
    stop: () => child.disconnect(),
  };
}
