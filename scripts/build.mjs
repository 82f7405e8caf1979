// @ts-check
// Builds dist/ from src/, file by file: dist/esm for `import`, dist/cjs for `require`, dist/browser for bundlers.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { checkExports } from './check-exports.mjs';
import { publicEntries, root } from './public-entries.mjs';
import { writeBrowserModules } from './write-browser-modules.mjs';

await rm(new URL('dist', root), { recursive: true, force: true });
await Promise.all([compile('tsconfig.json'), compile('tsconfig.cjs.json')]);
// The nearest package.json tells Node and TypeScript what kind of modules these are, and bundlers what they may drop.
await writeFile(new URL('dist/cjs/package.json', root), '{ "type": "commonjs", "sideEffects": false }\n');
// npm does so when it packs and installs; here it is for those who run it from the repository.
await chmod(new URL('dist/esm/cli/main.js', root), 0o755);
const entries = await publicEntries();
await writeBrowserModules(entries);
await checkExports(entries);

/**
 * Runs the TypeScript compiler on a project.
 *
 * @param {string} project The project's file, from the root of the repository.
 */
async function compile(project) {
  const compiler = fileURLToPath(new URL('node_modules/typescript/bin/tsc', root));
  const child = spawn(process.execPath, [compiler, '--project', project], { cwd: root, stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  if (code !== 0) process.exit(code ?? 1);
}
