// @ts-check
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** @typedef {'axios' | 'got'} ClientName */
/** @typedef {{ client: ClientName, visit: import('./visits.mjs').Visit, timeoutMs: number } | 'end'} Order */
/** @typedef {import('./app/app.mjs').Reply} Reply */

/** The application, in a process of its own. @typedef {Awaited<ReturnType<typeof startApp>>} App */

/** A client that could not get what it was to visit. */
export class VisitError extends Error {
  /** Why. */
  reason;

  /**
   * @param {ClientName} client
   * @param {import('./visits.mjs').Visit} visit
   * @param {string} reason
   */
  constructor(client, visit, reason) {
    super(`${client} cannot get ${visit.url}: ${reason}`);
    this.reason = reason;
  }
}

/**
 * Starts the application.
 *
 * @param {string} [folder] Where it caches; in memory without one.
 */
export async function startApp(folder) {
  const child = fork(
    fileURLToPath(new URL('app/app.mjs', import.meta.url)),
    folder === undefined ? [] : [folder],
    {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  );
  await once(child, 'spawn');
  const ended = once(child, 'exit');

  return {
    /** The number of the process. */
    pid: child.pid,
    /**
     * Has one of its clients visit.
     *
     * @param {ClientName} client
     * @param {import('./visits.mjs').Visit} visit
     * @param {number} timeoutMs Until its body has to be complete.
     * @returns {Promise<Reply>}
     * @throws {VisitError} When the client fails.
     * @throws {Error} When the application ends.
     */
    async send(client, visit, timeoutMs) {
      child.send({ client, visit, timeoutMs });
      const answer = await Promise.race([
        once(child, 'message').then(([message]) => message),
        ended.then(([code]) => {
          throw new Error(`The application ended with code ${code} while ${client} got ${visit.url}.`);
        }),
      ]);
      if ('failure' in answer) throw new VisitError(client, visit, answer.failure);
      return answer;
    },
    /** Closes its cache and ends it. @throws {Error} When it does not end well. */
    async end() {
      if (child.connected) child.send('end');
      const [code] = await ended;
      if (code !== 0) throw new Error(`The application ended with code ${code}`);
    },
  };
}
