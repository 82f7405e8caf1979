import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { StreamingManagerOptions } from '../../../../src/managers/disk/disk-options.ts';
import { Layout } from '../../../../src/managers/disk/format/layout.ts';
import type { Children } from '../../../helpers/child-process.ts';
import { takeCensus, type Census } from './census.ts';
import type { Impediments } from './impeded-files.ts';
import { readJournal, type Line } from './journal.ts';
import { Random } from './random.ts';
import { ENOUGH, type TortureReport, type TortureTask } from './task.ts';

/** How a store is tortured. */
export interface Torture extends Impediments {
  /** The folder of the store, and beside it the journals. */
  readonly folder: string;
  readonly options: Omit<StreamingManagerOptions, 'path' | 'io' | 'inlineMax'> & { readonly maxSize: number };
  readonly seed: number;
  readonly milliseconds: number;
  readonly keys: number;
}

/** What was seen of it from outside. */
export interface TortureOutcome {
  readonly journals: readonly (readonly Line[])[];
  /** What the processes told that were not killed. */
  readonly reports: readonly TortureReport[];
  /** What was on disk, at moments at which all processes stood still. */
  readonly sizes: readonly Census[];
  readonly kills: number;
}

/** Processes that live from the beginning to the end, and those that are killed. */
const SURVIVORS = 2;
const VICTIMS = 3;

/** Lets processes use one folder, kills some and stops others at random moments, and lets the rest end in peace. */
export async function torture(
  children: Children,
  { folder, options, ...run }: Torture,
): Promise<TortureOutcome> {
  const random = new Random(run.seed);
  const journals: string[] = [];
  const sizes: Census[] = [];
  let kills = 0;
  mkdirSync(join(folder, 'journals'));
  // Not by the first of them: it may be killed before, and then there is nothing to count.
  mkdirSync(new Layout(join(folder, 'store')).root, { recursive: true, mode: 0o700 });
  const start = (): ChildProcess => {
    const name = `p${journals.length}`;
    const journal = join(folder, 'journals', name);
    journals.push(journal);
    const child = children.fork('tortured.ts', [
      JSON.stringify({ slowness: run.slowness, links: run.links }),
    ]);
    const task: TortureTask = {
      manager: {
        ...options,
        path: join(folder, 'store'),
        io: random.pick(['auto', 'async']),
        inlineMax: random.pick([0, 4096, 32 * 1024, 256 * 1024]),
      },
      seed: random.below(2 ** 32),
      name,
      journal,
      keys: run.keys,
      hands: 1 + random.below(6),
    };
    child.send(task);
    return child;
  };
  const survivors = Array.from({ length: SURVIVORS }, start);
  const victims = Array.from({ length: VICTIMS }, start);
  const everyone = (): ChildProcess[] => [...survivors, ...victims];
  try {
    // Pauses are no waiting for anything here: it is the moments that are to differ.
    for (const end = performance.now() + run.milliseconds; performance.now() < end;) {
      await pause(random.below(200));
      const dice = random.next();
      if (dice < 0.25) {
        const victim = victims.shift();
        victim?.kill('SIGKILL');
        kills++;
        victims.push(start());
      } else if (dice < 0.5) {
        const stopped = random.pick([...survivors, ...victims] as [ChildProcess, ...ChildProcess[]]);
        stopped.kill('SIGSTOP');
        await pause(random.below(300));
        stopped.kill('SIGCONT');
      } else {
        for (const child of everyone()) child.kill('SIGSTOP');
        await pause(5);
        sizes.push(takeCensus(new Layout(join(folder, 'store')).root));
        for (const child of everyone()) child.kill('SIGCONT');
      }
    }
    const reports = await Promise.all(everyone().map(letEnd));
    return { journals: journals.map(readJournal), reports, sizes, kills };
  } finally {
    for (const child of everyone()) child.kill('SIGKILL');
  }
}

async function letEnd(child: ChildProcess): Promise<TortureReport> {
  const reported = once(child, 'message');
  const ended = once(child, 'exit');
  child.send(ENOUGH);
  const [report] = await Promise.race([reported, ended.then(() => Promise.reject(new Error('It died')))]);
  await ended;
  return report as TortureReport;
}
