// First, before anything that uses files is loaded.
import { watchStoresIn } from '../watched-files.ts';
import { answerTasks } from '../../../../helpers/parent-process.ts';
import { ERROR_CODES, type FileRule } from '../file-call.ts';
import { OPERATIONS, type Operation } from '../operations.ts';
import { type Trial, Trials } from '../trial.ts';

/** What is to be tried. */
export interface InjectTask {
  /** The folder to work in. */
  readonly folder: string;
  /** The name of an operation. */
  readonly operation: string;
  readonly how: 'error' | 'death';
  /** Each error at each call, instead of another error at each. */
  readonly all: boolean;
}

/** What came of it. */
export interface InjectReport {
  readonly trials: number;
  /** What should not have happened, with what it happened to. */
  readonly faults: readonly string[];
}

/** Calls from this one on are mostly alike, as when all groups are listed: of so many, one is enough. */
const DENSE = 70;
const STRIDE = 17;
/** What comes before an operation is the same for all of them. */
const STRIDE_FROM_THE_START = 7;

function step(call: number, cold: boolean): number {
  if (call >= DENSE) return STRIDE;
  return cold ? STRIDE_FROM_THE_START : 2;
}

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
  const faults: string[] = [];
  let count = 0;
  for (const cold of [true, false]) {
    // One call behind the last there is nothing left to fail.
    for (let call = 1; call < 1_000; call += all ? 1 : step(call, cold)) {
      let calls = 0;
      for (const { what, trial } of variants(trials, operation, { how, all, cold, call })) {
        const done = await trial();
        calls = Math.max(calls, done.calls);
        count++;
        for (const fault of new Set(done.faults)) {
          faults.push(`${cold ? 'from the start, ' : ''}call ${call} (${hit}), ${what}: ${fault}`);
        }
      }
      if (calls < call) break;
    }
  }
  return { trials: count, faults };
}

interface Variant {
  readonly what: string;
  readonly trial: () => Promise<Trial>;
}

interface Place {
  readonly how: InjectTask['how'];
  readonly all: boolean;
  readonly cold: boolean;
  readonly call: number;
}

function variants(trials: Trials, operation: Operation, { how, all, cold, call }: Place): readonly Variant[] {
  const failing = (what: string, rule: FileRule): Variant => {
    const lies = what === 'ENOENT';
    const evicts = what === 'ENOSPC' || what === 'EDQUOT';
    const noting: FileRule = (made) => {
      const fault = rule(made);
      if (fault !== undefined) hit = `${made.name} ${made.path}`;
      return fault;
    };
    return { what, trial: async () => await trials.fail(operation, noting, { cold, lies, evicts }) };
  };
  switch (how) {
    case 'error': {
      const codes = all ? ERROR_CODES : [ERROR_CODES[call % ERROR_CODES.length] ?? 'EIO'];
      return codes.map((code) =>
        failing(code, ({ number }) => (number === call ? { kind: 'fail', code } : undefined)),
      );
    }
    case 'death':
      return [{ what: 'death', trial: async () => await trials.die(operation, call - 1, { cold }) }];
  }
}
