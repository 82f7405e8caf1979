import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { onTestFinished } from 'vitest';

const repository = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Compiles the sources of the disk store into a folder, for child processes: Node 20 does not run TypeScript.
 * Gives the address of a compiled file by its path under `src`.
 */
export function compileSources(folder: string): (source: string) => string {
  for (const part of ['errors.ts', 'core', 'managers']) {
    for (const source of sourcesUnder(part)) {
      const target = join(folder, source.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(target), { recursive: true });
      const { outputText } = ts.transpileModule(readFileSync(join(repository, 'src', source), 'utf8'), {
        compilerOptions: {
          module: ts.ModuleKind.ESNext,
          target: ts.ScriptTarget.ES2023,
          rewriteRelativeImportExtensions: true,
        },
      });
      writeFileSync(target, outputText);
    }
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  return (source) => join(folder, source.replace(/\.ts$/, '.js'));
}

function sourcesUnder(part: string): string[] {
  if (part.endsWith('.ts')) return [part];
  return readdirSync(join(repository, 'src', part), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(part, name));
}

/** A child process that runs a script; killed when the test has finished. */
export function startWorker(folder: string, script: string, args: readonly string[] = []): ChildProcess {
  const file = join(folder, `worker-${Math.random().toString(36).slice(2)}.js`);
  writeFileSync(file, script);
  const worker = fork(file, args, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  onTestFinished(() => void worker.kill('SIGKILL'));
  return worker;
}

/** As `startWorker`, under limits that the shell's `ulimit` sets. */
export function startLimitedWorker(folder: string, script: string, { ulimit, args }: Limited): ChildProcess {
  const file = join(folder, `worker-${Math.random().toString(36).slice(2)}.js`);
  writeFileSync(file, script);
  const command = ['-c', `ulimit ${ulimit}; exec "$0" "$@"`, process.execPath, file, ...args];
  const worker = spawn('sh', command, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  onTestFinished(() => void worker.kill('SIGKILL'));
  return worker;
}

/** How a limited worker is started. */
export interface Limited {
  readonly ulimit: string;
  readonly args: readonly string[];
}

/** The next message of a worker; fails when it ends instead. */
export async function messageOf(worker: ChildProcess): Promise<unknown> {
  return await new Promise((resolve, reject) => {
    worker.once('message', resolve);
    // Messages that were sent come before this, also when the worker has ended since.
    worker.once('disconnect', () => reject(new Error('The worker ended without a message')));
  });
}

/** Waits until a worker has ended; gives its exit code, or the signal that ended it. */
export async function endOf(worker: ChildProcess): Promise<number | string | null> {
  if (worker.exitCode !== null) return worker.exitCode;
  return await new Promise((resolve) => worker.once('exit', (code, signal) => resolve(code ?? signal)));
}
