import { fork } from 'node:child_process';
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
}

/**
 * Compiles the sources, the helpers and a folder of tests, without what needs a test runner. The children are in a folder
 * of that name in it. Dispose of it when no child runs any more.
 */
export function compileChildren(tests: string): Children {
  const folder = mkdtempSync(join(tmpdir(), 'http-larder-children-'));
  for (const part of ['src', 'test/helpers', tests]) {
    for (const name of readdirSync(join(root, part), { recursive: true, encoding: 'utf8' })) {
      if (name.endsWith('.ts') && !name.endsWith('.test.ts')) compile(join(part, name), folder);
    }
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return {
    run: (script, task) => run(join(folder, tests, 'children', script.replace(/ts$/, 'js')), task),
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
  const child = fork(file, { execArgv: ['--expose-gc'], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let printed = '';
  for (const output of [child.stdout, child.stderr]) output?.on('data', (text) => (printed += String(text)));
  let answer: unknown;
  child.on('message', (message) => (answer = message));
  child.send(task);
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0 || printed !== '') throw new Error(`${file} ended with ${code}: ${printed}`);
  return answer;
}
