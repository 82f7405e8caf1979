import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(fileURLToPath(new URL(name, root)), 'utf8'));

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly bundleDependencies?: unknown;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
}

interface Locked {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peer?: boolean;
}

const manifest = read('package.json') as Manifest;
const { packages } = read('package-lock.json') as { readonly packages: Readonly<Record<string, Locked>> };
const shipped = Object.entries(packages).filter(
  ([path, { dev, devOptional }]) => path !== '' && dev !== true && devOptional !== true,
);

describe('what comes with the package', () => {
  it('is eight packages, each of them known', () => {
    expect(shipped.map(([path]) => path.replace('node_modules/', '')).toSorted()).toEqual([
      'follow-redirects',
      'fs-extra',
      'graceful-fs',
      'http-cache-semantics',
      'jsonfile',
      'lru-cache',
      'structured-headers',
      'universalify',
    ]);
    expect(manifest.optionalDependencies).toBeUndefined();
    expect(manifest.bundleDependencies).toBeUndefined();
  });

  it('runs nothing when it is installed', () => {
    const hooks = new Set(['preinstall', 'install', 'postinstall', 'prepare', 'prepublish']);
    expect(Object.keys(manifest.scripts ?? {}).filter((name) => hooks.has(name))).toEqual([]);
    expect(shipped.filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([]);
  });

  it('comes from a registry by versions, and by no address', () => {
    for (const range of Object.values(manifest.dependencies ?? {}))
      expect(range).toMatch(/^\^\d+\.\d+\.\d+$/);
  });
});
