// @ts-check
import { once } from 'node:events';

/**
 * Has a process do something.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @param {{ task: string, times: number }} order
 * @returns {Promise<any>} What it answers.
 */
export async function askWorker(child, order) {
  const answered = new AbortController();
  const { signal } = answered;
  child.send(order);
  const [answer] = await Promise.race([once(child, 'message', { signal }), once(child, 'exit', { signal })]);
  answered.abort();
  if (typeof answer !== 'object' || answer === null) throw new Error(`'${order.task}' failed; see above`);
  return answer;
}
