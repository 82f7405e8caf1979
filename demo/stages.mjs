// @ts-check
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp } from './start-app.mjs';

/**
 * One process of the application.
 *
 * @typedef {object} Stage
 * @property {import('./report.mjs').ManagerName} manager
 * @property {boolean} restarted Whether a process before it filled the store.
 * @property {import('./start-app.mjs').App} app
 */

/**
 * The application with the memory manager, then with the disk manager, then with that again in a new process on the
 * same folder. Each runs until the next one is asked for.
 *
 * @returns {AsyncGenerator<Stage, void>}
 */
export async function* stages() {
  const folder = await mkdtemp(join(tmpdir(), 'http-larder-demo-'));
  try {
    yield* stage('memory', false);
    yield* stage('disk', false, folder);
    yield* stage('disk', true, folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * @param {import('./report.mjs').ManagerName} manager
 * @param {boolean} restarted
 * @param {string} [folder]
 * @returns {AsyncGenerator<Stage, void>}
 */
async function* stage(manager, restarted, folder) {
  const app = await startApp(folder);
  try {
    yield { manager, restarted, app };
  } finally {
    await app.end();
  }
}
