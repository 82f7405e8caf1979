// First, before anything that uses files is loaded.
import { watchStoresIn } from '../watched-files.ts';
import { answerTasks } from '../../../../helpers/parent-process.ts';
import type { FileRule } from '../file-call.ts';
import { type Kind, KINDS } from '../kinds.ts';
import { OPERATIONS, type Operation } from '../operations.ts';
import type { Trial } from '../trial-outcome.ts';
import { Trials } from '../trial.ts';

/** What is to be tried. */
export interface InjectTask {
  /** The folder to work in. */
  readonly folder: string;
  /** The name of an operation. */
  readonly operation: string;
  /** A name of a list of kinds, or `death`, or `loss of power`. */
  readonly how: string;
  /** Each error at each call, instead of another error at each. */
  readonly all: boolean;
}

/** What came of it. */
export interface InjectReport {
  readonly trials: number;
  /** What should not have happened, with what it happened to. */
  readonly faults: readonly string[];
}

/** Calls from this one on are mostly alike, as when all groups are listed: of so many, and of more later, one is enough. */
const DENSE = 70;
const STRIDE = 40;
/** What comes before an operation is the same for all of them, but for those that are nothing else. */
const STRIDE_FROM_THE_START = 29;

function step(call: number, isSame: boolean): number {
  if (call >= DENSE) return Math.max(STRIDE, Math.ceil(call / 2));
  return isSame ? STRIDE_FROM_THE_START : 7;
}

/** More calls than are ever made. */
const ENDLESS = Number.MAX_SAFE_INTEGER;

const DYING: Kind = { what: 'death', rule: () => () => undefined, manner: {} };
const DEATH = [DYING];

let trials: Trials | undefined;

answerTasks(async (task) => {
  try {
    return await inject(task as InjectTask);
  } catch (error) {
    return { trials: 0, faults: [`the trials themselves failed: ${String(error)}`] };
  }
});

/** The call that failed last, for the reader of a report. */
let hit = '';

async function inject({ folder, operation: name, how, all }: InjectTask): Promise<InjectReport> {
  const operation = OPERATIONS[name];
  if (operation === undefined) throw new Error(`There is no operation ${name}`);
  if (trials === undefined) {
    watchStoresIn(folder);
    trials = new Trials(folder);
  }
  if (how === 'loss of power') return await losePower(trials, operation, all);
  const faults: string[] = [];
  let count = 0;
  for (const cold of [true, false]) {
    let calls = 1;
    // Who dies at a call makes no more of them, so how many there are is learnt from one who does not.
    if (how === 'death') ({ calls } = await trials.die(operation, ENDLESS, { cold }));
    // Behind the last call there is nothing left to fail.
    for (let call = 1; call <= calls; call += all ? 1 : step(call, cold && !name.startsWith('open'))) {
      const kinds =
        how === 'death' ? DEATH : all ? KINDS[how] : KINDS[how]?.slice(count % KINDS[how].length).slice(0, 1);
      for (const kind of kinds ?? []) {
        const done = await attempt(trials, { operation, kind, cold, call });
        calls = Math.max(calls, done.calls);
        count++;
        for (const fault of new Set(done.faults)) {
          faults.push(`${cold ? 'from the start, ' : ''}call ${call} (${hit}), ${kind.what}: ${fault}`);
        }
      }
    }
  }
  return { trials: count, faults };
}

/** Of the ways in which a loss of power leaves a finished operation, and one that was under way, so many are tried. */
const WAYS = { few: { finished: 8, underWay: 0 }, all: { finished: 1_000, underWay: 4 } };

async function losePower(trials: Trials, operation: Operation, all: boolean): Promise<InjectReport> {
  const faults: string[] = [];
  let count = 0;
  const most = WAYS[all ? 'all' : 'few'];
  const attempt = async (lastCall: number, way: number): Promise<Trial> => {
    const done = await trials.losePower(operation, lastCall, way);
    count++;
    for (const fault of new Set(done.faults)) faults.push(`call ${lastCall}, way ${way}: ${fault}`);
    return done;
  };
  let calls = 0;
  for (let way = 1, ways = 2; way < Math.min(ways, most.finished); way++) {
    const done = await attempt(ENDLESS, way);
    [ways, calls] = [done.ways ?? 1, done.calls];
  }
  for (let call = 1; call < calls; call += all ? 1 : step(call, false)) {
    // Another way at each, as there are more of them than calls.
    for (let n = 0; n < most.underWay; n++) await attempt(call, call + n * 31);
  }
  return { trials: count, faults };
}

interface Attempt {
  readonly operation: Operation;
  readonly kind: Kind;
  readonly cold: boolean;
  readonly call: number;
}

async function attempt(trials: Trials, { operation, kind, cold, call }: Attempt): Promise<Trial> {
  hit = '';
  if (kind === DYING) return await trials.die(operation, call - 1, { cold });
  const rule = kind.rule(call);
  const noting: FileRule = (made) => {
    const fault = rule(made);
    if (fault !== undefined && hit === '') hit = `${made.name} ${made.path}`;
    return fault;
  };
  return await trials.fail(operation, noting, { ...kind.manner, cold });
}
