import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';

/** What the parent asks for. */
export async function taskOfParent(): Promise<unknown> {
  const [task] = await once(process, 'message');
  return task;
}

/** Answers the parent. Afterwards the process ends by itself unless something holds it. */
export function answerParent(answer: object): void {
  process.send?.(answer, () => process.disconnect());
}

/** Answers each task of the parent, until the parent disconnects. */
export function answerTasks(answer: (task: unknown) => Promise<object>): void {
  process.on('message', (task) => void answer(task).then((given) => process.send?.(given)));
}

/** Collects all garbage, also what its finalisers leave. */
export async function collectGarbage(): Promise<void> {
  if (gc === undefined) throw new Error('Start Node with --expose-gc.');
  for (let time = 0; time < 3; time += 1) {
    gc();
    await setImmediate();
  }
}
