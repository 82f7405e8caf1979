import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import type { Installation } from '../package/installed-package.ts';
import type { CodeBlock } from './code-blocks.ts';

const execFileAsync = promisify(execFile);
const runTimeoutMs = 30_000;

/** Gives a block what `ambient` in compile-blocks.ts promises it. */
const prelude = `import { Writable } from 'node:stream';
globalThis.url = process.argv[2];
globalThis.destination = new Writable({ write(chunk, encoding, done) { done(); } });
`;

/** Runs a block as a user of the installed package would, in a process of its own, and gives what it printed. */
export async function runBlock(installation: Installation, block: CodeBlock, url: string): Promise<string> {
  const { outputText } = ts.transpileModule(block.code, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
  });
  writeFileSync(join(installation.path, 'prelude.mjs'), prelude);
  writeFileSync(join(installation.path, 'block.mjs'), outputText);
  const { stdout } = await execFileAsync(process.execPath, ['--import', './prelude.mjs', 'block.mjs', url], {
    cwd: installation.path,
    timeout: runTimeoutMs,
  });
  return stdout;
}
