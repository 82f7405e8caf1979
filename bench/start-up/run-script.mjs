// @ts-check
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * Runs a script in a new process.
 *
 * @param {URL} script
 * @param {readonly string[]} args
 * @returns {Promise<any>} What it tells.
 */
export async function runScript(script, args) {
  const child = fork(fileURLToPath(script), args);
  const ended = once(child, 'exit');
  const [answer] = await Promise.race([once(child, 'message'), ended]);
  await ended;
  if (typeof answer !== 'object' || answer === null) {
    throw new Error(`${script.pathname} ${args.join(' ')} failed; see above`);
  }
  return answer;
}
