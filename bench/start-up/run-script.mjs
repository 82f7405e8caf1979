// @ts-check
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * Runs a script of this folder in a new process.
 *
 * @param {string} script
 * @param {readonly string[]} args
 * @returns {Promise<any>} What it tells.
 */
export async function runScript(script, args) {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), args);
  const ended = once(child, 'exit');
  const [answer] = await Promise.race([once(child, 'message'), ended]);
  await ended;
  if (typeof answer !== 'object' || answer === null) {
    throw new Error(`${script} ${args.join(' ')} failed; see above`);
  }
  return answer;
}
