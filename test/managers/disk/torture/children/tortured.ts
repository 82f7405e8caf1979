// First, as it changes what the others import.
import { impeded } from '../impeded-files.ts';
import { readdirSync } from 'node:fs';
import { memoryUsage } from 'node:process';
import { StreamingManager } from '../../../../../src/managers/disk/streaming-manager.ts';
import { collectGarbage, taskOfParent } from '../../../../helpers/parent-process.ts';
import { Journal } from '../journal.ts';
import { Random } from '../random.ts';
import { actions, isExpected } from '../actions.ts';
import { ENOUGH, type TortureReport, type TortureTask } from '../task.ts';
import { Victim } from '../victim.ts';

/** Does things with a store, at random, until the parent says that it is enough, or kills it. */
let isEnough = false;
process.on('message', (message) => (isEnough = message === ENOUGH));
const task = (await taskOfParent()) as TortureTask;
const journal = new Journal(task.journal);
const fault = (error: unknown): void => {
  journal.write(['fault', `${task.name}: ${error instanceof Error ? String(error.stack) : String(error)}`]);
};
process.on('uncaughtException', fault);
process.on('unhandledRejection', fault);

if (!impeded) throw new Error('Files are as they are');
await collectGarbage();
const before = vitalSigns();
const done: Record<string, number> = {};
const victim = new Victim(new StreamingManager(task.manager), task, journal);
await Promise.all(Array.from({ length: task.hands }, async (_, hand) => await work(hand)));
await victim.manager.close();
await collectGarbage();
const after = vitalSigns();
const report: TortureReport = {
  done,
  descriptors: [before.descriptors, after.descriptors],
  memory: [before.memory, after.memory],
};
journal.close();
process.send?.(report, () => process.disconnect());

async function work(hand: number): Promise<void> {
  const random = new Random(task.seed + hand);
  const weights = actions.reduce((sum, { weight }) => sum + weight, 0);
  while (!isEnough) {
    let dice = random.next() * weights;
    const action = actions.find(({ weight }) => (dice -= weight) < 0);
    if (action === undefined) continue;
    try {
      await action.perform(victim, random);
      done[action.name] = (done[action.name] ?? 0) + 1;
    } catch (error) {
      if (!isExpected(error)) fault(error);
      done['refused'] = (done['refused'] ?? 0) + 1;
    }
  }
}

function vitalSigns(): { readonly descriptors: number; readonly memory: number } {
  const { heapUsed, external } = memoryUsage();
  return { descriptors: readdirSync('/proc/self/fd').length, memory: heapUsed + external };
}
