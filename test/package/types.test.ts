import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installPackage, type Installation } from './installed-package.ts';

/** Where TypeScript is: `npm run matrix` names one version after the other. */
const typescript =
  process.env['TYPESCRIPT'] ?? fileURLToPath(new URL('../../node_modules/typescript', import.meta.url));
const tsc = join(typescript, 'bin/tsc');
const { version }: { version: string } = JSON.parse(readFileSync(join(typescript, 'package.json'), 'utf8'));
/** In ES modules and in CommonJS. */
const consumers = ['esm.mts', 'cjs.cts'];
/** Before 5.6, TypeScript takes declarations of CommonJS for those of ES modules under the resolution of a bundler. */
const bundledConsumers = isBefore('5.6') ? ['esm.mts'] : consumers;
/** Before 5.7, Node's types have a `Buffer` without the parameter that got's types give it. */
const faultOfGot = /^\S*node_modules\/got\/\S+: error TS2315: Type 'Buffer' is not generic\.$/;
const compileTimeoutMs = 180_000;

describe('the types of the installed package', () => {
  let installation: Installation;
  beforeAll(() => {
    installation = installPackage(['axios', 'got', '@types/node']);
  });
  afterAll(() => installation[Symbol.dispose]());

  it.each([
    ['node16', { module: 'node16' }, consumers],
    ['nodenext', { module: 'nodenext' }, consumers],
    ['a bundler', { module: 'preserve', moduleResolution: 'bundler' }, bundledConsumers],
  ])(
    'serve ES modules and CommonJS under the module resolution of %s',
    (_name, options, files) => {
      for (const consumer of files) {
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
      const project = { compilerOptions, files };
      writeFileSync(join(installation.path, 'tsconfig.json'), JSON.stringify(project));

      const faults = diagnostics(installation).split('\n');
      expect(faults.filter((fault) => fault !== '' && !(isBefore('5.7') && faultOfGot.test(fault)))).toEqual(
        [],
      );
    },
    compileTimeoutMs,
  );
});

function isBefore(other: string): boolean {
  return version.localeCompare(other, 'en', { numeric: true }) < 0;
}

function diagnostics(installation: Installation): string {
  try {
    return installation.node(tsc, '--project', 'tsconfig.json');
  } catch (error) {
    if (error instanceof Error && 'stdout' in error && error.stdout !== '') return String(error.stdout);
    throw error;
  }
}
