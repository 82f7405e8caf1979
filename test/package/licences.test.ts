import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Licences under which anybody may use and pass on a package, as npm names them. */
const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
]);

interface Manifest {
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

interface LockedPackage extends Manifest {
  readonly dev?: boolean;
}

describe('what comes with the package', () => {
  it('has licences that allow it, whichever dependency brings it along', () => {
    const names = installedWith('', new Set());
    expect(names.size).toBeGreaterThan(4);
    const refused = [...names].filter((name) => !allowed.has(licenceOf(name)));
    expect(refused.map((name) => `${name} is ${licenceOf(name)}`)).toEqual([]);
  });

  it('is all that the lock file installs for users', () => {
    const { packages }: { packages: Readonly<Record<string, LockedPackage & { readonly peer?: boolean }>> } =
      JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
    const locked = Object.entries(packages)
      .filter(([path, { dev }]) => path !== '' && dev !== true)
      .map(([path]) => path.replace('node_modules/', ''));
    expect(locked.toSorted()).toEqual([...installedWith('', new Set())].toSorted());
  });

  it('holds no code of other packages that a notice would have to name', () => {
    const maps = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.js.map'),
    );
    const sources = maps.flatMap((file) => {
      const map: { sources: readonly string[] } = JSON.parse(readFileSync(join(root, 'dist', file), 'utf8'));
      return map.sources;
    });
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.filter((source) => !/^(\.\.\/)+src\//.test(source))).toEqual([]);
  });
});

/** Adds to the names those of what a package depends on, and of what that depends on. */
function installedWith(name: string, names: Set<string>): ReadonlySet<string> {
  for (const dependency of Object.keys(manifestOf(name).dependencies ?? {})) {
    if (names.has(dependency)) continue;
    names.add(dependency);
    installedWith(dependency, names);
  }
  return names;
}

function licenceOf(name: string): string {
  return manifestOf(name).license ?? 'without a licence';
}

function manifestOf(name: string): Manifest {
  const folder = name === '' ? root : join(root, 'node_modules', name);
  if (!existsSync(folder)) throw new Error(`${name} is not in node_modules: run npm ci.`);
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}
