import { execFileSync } from 'node:child_process';
import {
  existsSync,
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

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A folder in which the packed package is installed as a user has it, beside the packages that it is given. */
export interface Installation extends Disposable {
  /** The user's folder. */
  readonly path: string;
  /** Where the package itself is. */
  readonly packagePath: string;
  /** Runs Node in the folder and gives what it printed; a failure is an error with what it printed to stderr. */
  node(...args: readonly string[]): string;
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/** The tarball; packed once in a process, every installation is unpacked from it. */
let packed: Buffer | undefined;

/**
 * Packs what was built and installs it without a network: the tarball is unpacked, and its dependencies and the named
 * packages are linked from this repository.
 */
export function installPackage(packages: readonly string[]): Installation {
  packed ??= pack();
  const path = mkdtempSync(join(tmpdir(), 'http-larder-installed-'));
  const packagePath = join(path, 'node_modules', 'http-larder');
  mkdirSync(packagePath, { recursive: true });
  execFileSync('tar', ['-xzf', '-', '-C', packagePath, '--strip-components=1'], { input: packed });
  const manifest: Manifest = JSON.parse(readFileSync(join(packagePath, 'package.json'), 'utf8'));
  for (const name of [...Object.keys(manifest.dependencies), ...packages]) link(name, path);
  for (const name of Object.keys(manifest.peerDependencies))
    if (!packages.includes(name)) withhold(name, path);
  return {
    path,
    packagePath,
    node: (...args) => execFileSync(process.execPath, args, { cwd: path, encoding: 'utf8', stdio: 'pipe' }),
    [Symbol.dispose]: () => rmSync(path, { recursive: true }),
  };
}

function pack(): Buffer {
  if (!existsSync(join(root, 'dist/browser')))
    throw new Error('There is no dist/: run `npm run build` first.');
  const folder = mkdtempSync(join(tmpdir(), 'http-larder-packed-'));
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    stdio: 'ignore',
  });
  const tarball = readFileSync(join(folder, readdirSync(folder)[0] ?? ''));
  rmSync(folder, { recursive: true });
  return tarball;
}

function link(name: string, path: string): void {
  const target = join(path, 'node_modules', name);
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(join(root, 'node_modules', name), target, 'dir');
}

/** Makes a package one that is not found, even where a folder further up has it: Node gives the same errors. */
function withhold(name: string, path: string): void {
  const target = join(path, 'node_modules', name);
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'package.json'), '{ "main": "absent.js" }');
}
