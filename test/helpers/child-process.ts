import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Sources that children can run, compiled: Node 20 does not run TypeScript. */
export interface Children extends Disposable {
  /**
   * Runs a script of `children/`, hands it a task, and gives the one message it answers with, once it has ended by
   * itself. Rejects when it fails, or prints anything.
   */
  run(script: string, task: object): Promise<unknown>;
  /** Starts a script of `children/` that answers task after task; dispose of it with `await using`. */
  start(script: string): Child;
  /** Starts a script of `children/` and leaves all else to the caller, who may kill it. */
  fork(script: string, args?: readonly string[]): ChildProcess;
}

/** A process that waits for tasks. */
export interface Child extends AsyncDisposable {
  /** Hands it a task, and gives its answer; only once it has answered the one before. Rejects when the process ends. */
  ask(task: object): Promise<unknown>;
}

/**
 * Compiles the sources, the helpers and a folder of tests, without what needs a test runner. The children are in a folder
 * of that name in it; `further` are single files that they need. Dispose of it when no child runs any more.
 */
export function compileChildren(tests: string, further: readonly string[] = []): Children {
  const folder = mkdtempSync(join(tmpdir(), 'http-larder-children-'));
  for (const part of ['src', 'test/helpers', tests]) {
    for (const name of readdirSync(join(root, part), { recursive: true, encoding: 'utf8' })) {
      if (name.endsWith('.ts') && !name.endsWith('.test.ts')) compile(join(part, name), folder);
    }
  }
  for (const file of further) compile(file, folder);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const fileOf = (script: string): string => join(folder, tests, 'children', script.replace(/ts$/, 'js'));
  return {
    run: (script, task) => run(fileOf(script), task),
    start: (script) => start(fileOf(script)),
    fork: (script, args = []) =>
      fork(fileOf(script), args, {
        execArgv: ['--expose-gc'],
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

function compile(source: string, folder: string): void {
  const { outputText } = ts.transpileModule(readFileSync(join(root, source), 'utf8'), {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
      rewriteRelativeImportExtensions: true,
    },
  });
  const target = join(folder, source.replace(/ts$/, 'js'));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, outputText);
}

async function run(file: string, task: object): Promise<unknown> {
  const { child, ended } = open(file);
  let answer: unknown;
  child.on('message', (message) => (answer = message));
  child.send(task);
  await ended();
  return answer;
}

function start(file: string): Child {
  const { child, ended } = open(file);
  return {
    ask: async (task) => {
      const answered = once(child, 'message');
      child.send(task);
      const [answer] = await Promise.race([answered, endedEarly()]);
      return answer;
    },
    [Symbol.asyncDispose]: async () => {
      if (child.connected) child.disconnect();
      await ended();
    },
  };

  async function endedEarly(): Promise<never> {
    await ended();
    throw new Error(`${file} ended before it answered`);
  }
}

interface OpenChild {
  readonly child: ChildProcess;
  /** Resolves once it has ended by itself; rejects when it has failed, or printed anything. */
  readonly ended: () => Promise<void>;
}

function open(file: string): OpenChild {
  const child = fork(file, { execArgv: ['--expose-gc'], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let printed = '';
  const outputs = [child.stdout, child.stderr].filter((output) => output !== null);
  for (const output of outputs) output.on('data', (text) => (printed += String(text)));
  // There is no 'close' where it is the parent that disconnects.
  const closed = Promise.all([child, ...outputs].map((end) => once(end, end === child ? 'exit' : 'close')));
  const ended = async (): Promise<void> => {
    const [[code] = []] = await closed;
    if (code !== 0 || printed !== '') throw new Error(`${file} ended with ${String(code)}: ${printed}`);
  };
  return { child, ended };
}
