import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installPackage, type Installation } from './installed-package.ts';

/** Where TypeScript is: `npm run matrix` names one version after the other. */
const typescript =
  process.env['TYPESCRIPT'] ?? fileURLToPath(new URL('../../node_modules/typescript', import.meta.url));
const tsc = join(typescript, 'bin/tsc');
const consumers = ['esm.mts', 'cjs.cts'];
const compileTimeoutMs = 60_000;

describe('the types of the installed package', () => {
  let installation: Installation;
  beforeAll(() => {
    installation = installPackage(['axios', 'got', '@types/node']);
  });
  afterAll(() => installation[Symbol.dispose]());

  it.each([
    ['node16', { module: 'node16' }],
    ['nodenext', { module: 'nodenext' }],
    ['a bundler', { module: 'preserve', moduleResolution: 'bundler' }],
  ])(
    'serve ES modules and CommonJS under the module resolution of %s',
    (_name, options) => {
      for (const consumer of consumers) {
        copyFileSync(new URL(`consumers/${consumer}`, import.meta.url), join(installation.path, consumer));
      }
      const compilerOptions = {
        ...options,
        target: 'es2022',
        lib: ['es2022'],
        types: ['node'],
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        noEmit: true,
      };
      const project = { compilerOptions, files: consumers };
      writeFileSync(join(installation.path, 'tsconfig.json'), JSON.stringify(project));

      expect(diagnostics(installation)).toBe('');
    },
    compileTimeoutMs,
  );
});

function diagnostics(installation: Installation): string {
  try {
    return installation.node(tsc, '--project', 'tsconfig.json');
  } catch (error) {
    if (error instanceof Error && 'stdout' in error && error.stdout !== '') return String(error.stdout);
    throw error;
  }
}
