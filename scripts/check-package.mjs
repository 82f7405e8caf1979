// @ts-check
// Checks the tarball as it would be published: publint, and arethetypeswrong for every way to import it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './public-entries.mjs';

const folder = mkdtempSync(join(tmpdir(), 'http-larder-package-'));
try {
  run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder]);
  const tarball = join(folder, readdirSync(folder)[0] ?? '');
  run('publint', ['run', tarball, '--strict']);
  // The profile leaves out resolution without `exports`, which Node has not needed since version 12.
  run('attw', [tarball, '--profile', 'node16', '--exclude-entrypoints', 'got']);
  // got is ESM only, and so is its entry.
  run('attw', [tarball, '--profile', 'esm-only', '--entrypoints', 'got']);
} finally {
  rmSync(folder, { recursive: true });
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 */
function run(command, args) {
  execFileSync(command, args, { cwd: root, stdio: 'inherit' });
}
