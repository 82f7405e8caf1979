// @ts-check
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * Asks a new process one question, and waits for its answer and its end.
 *
 * @param {URL} script
 * @param {unknown} question
 * @returns {Promise<any>}
 * @throws {Error} When it ends without an answer.
 */
export async function askProcess(script, question) {
  const path = fileURLToPath(script);
  const child = fork(path, { serialization: 'advanced' });
  child.send(/** @type {import('node:child_process').Serializable} */ (question));
  const ended = once(child, 'exit');
  const [answer] = await Promise.race([once(child, 'message'), ended]);
  await ended;
  if (typeof answer !== 'object' || answer === null) throw new Error(`${path} failed; see above`);
  return answer;
}
