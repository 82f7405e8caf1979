// @ts-check
// Builds dist/ from src/, types file by file and code in few files: dist/esm for `import`, dist/cjs for `require`,
// dist/browser for bundlers.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';
import { checkExports } from './check-exports.mjs';
import { publicEntries, root } from './public-entries.mjs';
import { writeBrowserModules } from './write-browser-modules.mjs';

await rm(new URL('dist', root), { recursive: true, force: true });
const entries = await publicEntries();
const command = { 'cli/main': './src/cli/main.ts' };
await Promise.all([
  declare('tsconfig.json'),
  declare('tsconfig.cjs.json'),
  bundle({ ...sources(entries, './dist/esm/'), ...command }, { folder: 'dist/esm', format: 'esm' }),
  bundle(sources(entries, './dist/cjs/'), { folder: 'dist/cjs', format: 'cjs' }),
]);
// The nearest package.json tells Node and TypeScript what kind of modules these are, and bundlers what they may drop.
await writeFile(new URL('dist/cjs/package.json', root), '{ "type": "commonjs", "sideEffects": false }\n');
// npm does so when it packs and installs; here it is for those who run it from the repository.
await chmod(new URL('dist/esm/cli/main.js', root), 0o755);
await writeBrowserModules(entries);
await checkExports(entries);

/**
 * The module that each entry is built from, by the name of its file in a folder, without extension.
 *
 * @param {readonly import('./public-entries.mjs').PublicEntry[]} entries
 * @param {string} folder
 */
function sources(entries, folder) {
  const named = entries.flatMap(({ source, esm, cjs }) =>
    [esm, cjs]
      .filter((file) => file?.startsWith(folder))
      .map((file) => [file?.slice(folder.length, -'.js'.length), source]),
  );
  return Object.fromEntries(named);
}

/**
 * Has the TypeScript compiler check a project and write its declarations.
 *
 * @param {string} project The project's file, from the root of the repository.
 */
async function declare(project) {
  const compiler = fileURLToPath(new URL('node_modules/typescript/bin/tsc', root));
  const args = [compiler, '--project', project];
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  if (code !== 0) process.exit(code ?? 1);
}
