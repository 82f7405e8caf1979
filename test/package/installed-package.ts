import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
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

/**
 * Packs what was built and installs it without a network: the tarball is unpacked, and its dependencies and the named
 * packages are linked from this repository.
 */
export function installPackage(packages: readonly string[]): Installation {
  const path = mkdtempSync(join(tmpdir(), 'http-larder-installed-'));
  const packagePath = join(path, 'node_modules', 'http-larder');
  mkdirSync(packagePath, { recursive: true });
  unpack(packagePath);
  const manifest: { dependencies: Record<string, string> } = JSON.parse(
    readFileSync(join(packagePath, 'package.json'), 'utf8'),
  );
  for (const name of [...Object.keys(manifest.dependencies), ...packages]) link(name, path);
  return {
    path,
    packagePath,
    node: (...args) => execFileSync(process.execPath, args, { cwd: path, encoding: 'utf8', stdio: 'pipe' }),
    [Symbol.dispose]: () => rmSync(path, { recursive: true }),
  };
}

function unpack(packagePath: string): void {
  if (!existsSync(join(root, 'dist/browser')))
    throw new Error('There is no dist/: run `npm run build` first.');
  const folder = mkdtempSync(join(tmpdir(), 'http-larder-packed-'));
  const packed: readonly { readonly filename: string }[] = JSON.parse(
    execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );
  const tarball = join(folder, packed[0]?.filename ?? '');
  execFileSync('tar', ['-xzf', tarball, '-C', packagePath, '--strip-components=1']);
  rmSync(folder, { recursive: true });
}

function link(name: string, path: string): void {
  const target = join(path, 'node_modules', name);
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(join(root, 'node_modules', name), target, 'dir');
}
