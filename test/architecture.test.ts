import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cycleFaults } from './architecture/cycles.ts';
import { houseFaults } from './architecture/house-rules.ts';
import { layerFaults } from './architecture/layers.ts';
import { purityFaults } from './architecture/purity.ts';
import { sourceModules } from './architecture/source-tree.ts';
import { wordFaults } from './architecture/words.ts';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

function faults(tree: string): readonly string[] {
  const modules = sourceModules(tree);
  return [
    ...layerFaults(modules),
    ...purityFaults(modules),
    ...cycleFaults(modules),
    ...houseFaults(modules),
    ...wordFaults(tree),
  ];
}

describe('the architecture', () => {
  it('holds in the whole tree', () => {
    expect(sourceModules(root).length).toBeGreaterThan(20);
    expect(faults(root)).toEqual([]);
  });
});

describe('a planted violation', () => {
  let tree = '';

  beforeEach(() => {
    tree = mkdtempSync(join(tmpdir(), 'http-larder-architecture-'));
    mkdirSync(join(tree, 'src'));
  });
  afterEach(() => rmSync(tree, { recursive: true }));

  function plant(path: string, text: string): readonly string[] {
    const file = join(tree, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return faults(tree);
  }

  it.each([
    ['core/planted.ts', `import { Readable } from 'node:stream';`, 'imports node:stream'],
    [
      'core/planted.ts',
      `import type { Engine } from '../engine/exchange.ts';`,
      'imports ../engine/exchange.ts',
    ],
    ['core/planted.ts', `import { parseItem } from 'structured-headers';`, 'imports structured-headers'],
    ['core/planted.ts', `import Policy from 'http-cache-semantics';`, 'imports http-cache-semantics'],
    [
      'core/planted.ts',
      `export type Engine = import('../engine/exchange.ts').Engine;`,
      'imports ../engine/exchange.ts',
    ],
    ['core/planted.ts', `export const late = () => import('got');`, 'imports got'],
    ['engine/planted.ts', `import { readFile } from 'node:fs/promises';`, 'imports node:fs/promises'],
    ['engine/planted.ts', `import axios from 'axios';`, 'imports axios'],
    [
      'engine/planted.ts',
      `export { x } from '../managers/memory/memory-manager.ts';`,
      'imports ../managers/memory/memory-manager.ts',
    ],
    [
      'managers/memory/planted.ts',
      `import type { Engine } from '../../engine/exchange.ts';`,
      'imports ../../engine/exchange.ts',
    ],
    ['managers/memory/planted.ts', `import { x } from '../disk/x.ts';`, 'imports ../disk/x.ts'],
    ['managers/memory/planted.ts', `import fs from 'fs-extra';`, 'imports fs-extra'],
    ['node-http/planted.ts', `import got from 'got';`, 'imports got'],
    ['axios/planted.ts', `import { x } from '../got/index.ts';`, 'imports ../got/index.ts'],
    ['axios/planted.ts', `import { x } from '../http-cache.ts';`, 'imports ../http-cache.ts'],
    ['got/planted.ts', `import { wrap } from 'follow-redirects';`, 'imports follow-redirects'],
    ['testing/planted.ts', `import { it } from 'vitest';`, 'imports vitest'],
  ])('in src/%s is told: %s', (path, text, fault) => {
    expect(plant(`src/${path}`, text)).toEqual([`${path} ${fault}`]);
  });

  it('of a module in no layer is told', () => {
    expect(plant('src/redis/planted.ts', '')).toEqual(['redis/planted.ts is in no layer']);
  });

  it.each([
    ['Date.now()', 'Date.now'],
    ['new Date()', 'Date()'],
    ['Date()', 'Date()'],
    ['Math.random()', 'Math.random'],
    ['performance.now()', 'performance'],
    ['setTimeout(f, 1)', 'setTimeout'],
    ['Promise.resolve()', 'Promise'],
    ['async () => 1', 'async or await'],
  ])('of purity in core is told: %s', (text, what) => {
    expect(plant('src/core/planted.ts', `\nexport const planted = ${text};`)).toEqual([
      `core/planted.ts:2 is not pure: ${what}`,
    ]);
  });

  it('of purity is not seen where a member or a date of the past only looks alike', () => {
    const text =
      'export const planted = (x: Clock) => [x.process.Promise, new Date(0), { fetch: Date.UTC(1, 2) }];';
    expect(plant('src/core/planted.ts', text)).toEqual([]);
  });

  it('of two modules that import each other is told, types included', () => {
    plant('src/core/one.ts', `import type { Two } from './two.ts';`);
    expect(plant('src/core/two.ts', `export type { One } from './one.ts';`)).toEqual([
      'cycle: core/one.ts -> core/two.ts -> core/one.ts',
    ]);
  });

  it.each([
    ['src/engine/planted.ts', '\n'.repeat(300) + '1;', 'engine/planted.ts has 301 lines'],
    ['src/engine/string-utils.ts', '', 'engine/string-utils.ts names no idea'],
    ['src/engine/Planted.ts', '', 'engine/Planted.ts is not in kebab-case'],
    ['src/engine/planted.ts', `export * from './exchange.ts';`, 'engine/planted.ts:1 has `export *`'],
    ['src/engine/planted.ts', 'export default 1;', 'engine/planted.ts:1 has a default export'],
    ['src/engine/planted.ts', 'export default function f() {}', 'engine/planted.ts:1 has a default export'],
    [
      'src/engine/planted.ts',
      'const x = 1 as unknown as string;',
      'engine/planted.ts:1 has a cast of a cast',
    ],
    [
      'src/engine/planted.ts',
      'export const f = (x: unknown) => x instanceof Error;',
      'engine/planted.ts:1 has `instanceof Error`',
    ],
    ['docs/planted.md', ['See /', 'work/notes'].join(''), ['docs/planted.md:1 names /', 'work/'].join('')],
    ['README.md', ['\nSee ../', 'shared'].join(''), ['README.md:2 names ../', 'shared'].join('')],
  ])('of a house rule in %s is told', (path, text, fault) => {
    expect(plant(path, text)).toEqual([fault]);
  });
});
