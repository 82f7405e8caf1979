import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linkFaults } from '../docs/links.ts';
import { installPackage, type Installation } from './installed-package.ts';

/** What each entry must give, whatever else it gives. */
const entries = [
  ['http-larder', ['HttpCache', 'HttpCacheError', 'cacheInfo', 'isHttpCacheError']],
  ['http-larder/axios', ['installCache']],
  ['http-larder/got', ['gotCache', 'withCache']],
  ['http-larder/memory', ['MemoryManager']],
  ['http-larder/disk', ['StreamingManager']],
  ['http-larder/cacache', ['CacacheManager']],
  ['http-larder/redis', ['RedisManager']],
  ['http-larder/tiered', ['TieredManager']],
  ['http-larder/testing', ['managerConformance']],
] as const;
const dualEntries = entries.filter(([entry]) => entry !== 'http-larder/got');

const printImport = `console.log(JSON.stringify(Object.keys(await import(process.argv[1]))))`;
const printRequire = `console.log(JSON.stringify(Object.keys(require(process.argv[1]))))`;

function imported(installation: Installation, entry: string): readonly string[] {
  return JSON.parse(installation.node('--input-type=module', '-e', printImport, entry));
}

function required(installation: Installation, entry: string): readonly string[] {
  return JSON.parse(installation.node('-e', printRequire, entry));
}

/** The file that `import` takes for an entry, in dist/esm. */
function moduleOf({ packagePath }: Installation, entry: string): string {
  const { exports: map } = JSON.parse(readFileSync(join(packagePath, 'package.json'), 'utf8'));
  const conditions = map[entry.replace('http-larder', '.')];
  const file: string = (conditions.import ?? conditions).default;
  return file.replace('./dist/esm/', '');
}

/** A module and all of ours that it imports as it loads, and those import. */
function modulesOf(file: string, files = new Set<string>()): ReadonlySet<string> {
  if (files.has(file)) return files;
  files.add(file);
  for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/^(?:import|export) .*?"(\.[^"]+)";$/gm))
    modulesOf(join(dirname(file), path), files);
  return files;
}

function sentence(entry: string): RegExp {
  return new RegExp(`${entry} runs on Node\\.js: .+`);
}

describe('the installed package', () => {
  let installation: Installation;
  beforeAll(() => {
    installation = installPackage(['axios', 'got', 'cacache']);
  });
  afterAll(() => installation[Symbol.dispose]());

  it('names an entry for every test below, and no other', () => {
    const manifest = JSON.parse(readFileSync(join(installation.packagePath, 'package.json'), 'utf8'));
    const subpaths = Object.keys(manifest.exports).filter((subpath) => subpath !== './package.json');
    expect(subpaths.map((subpath) => subpath.replace('.', 'http-larder'))).toEqual(
      entries.map(([entry]) => entry),
    );
  });

  it.each(entries)('gives %s to `import`', (entry, names) => {
    expect(imported(installation, entry)).toEqual(expect.arrayContaining([...names]));
  });

  it.each(dualEntries)('gives %s to `require`, with the same names', (entry) => {
    expect(required(installation, entry).toSorted()).toEqual(imported(installation, entry).toSorted());
  });

  it('gives the ES module of http-larder/got to `require`, as got is one', () => {
    const entry = 'http-larder/got';
    expect(required(installation, entry)).toEqual(expect.arrayContaining([...imported(installation, entry)]));
  });

  it('tells where an ES module cannot be loaded by `require` that http-larder/got is one', () => {
    const args = ['--no-experimental-require-module', '-e', printRequire, 'http-larder/got'];
    expect(() => installation.node(...args)).toThrow(/ERR_REQUIRE_ESM|require\(\) of ES Module/);
  });

  it('gives CommonJS to `require`, not ES modules', () => {
    const loaded = `require('http-larder/axios');
      console.log(JSON.stringify(Object.keys(require.cache).filter((file) => file.includes('http-larder/dist'))));`;
    const files: readonly string[] = JSON.parse(installation.node('-e', loaded));
    expect(files).toContain(join(installation.packagePath, 'dist/cjs/axios/index.js'));
    expect(files.filter((file) => !file.includes('/dist/cjs/'))).toEqual([]);
  });

  it.each([
    ['http-larder', 290],
    ['http-larder/axios', 370],
    ['http-larder/memory', 25],
    ['http-larder/disk', 170],
    ['http-larder/cacache', 25],
    ['http-larder/redis', 60],
    ['http-larder/tiered', 45],
    ['http-larder/testing', 90],
  ])('loads %s from few files, with at most %i KB of our own code', (entry, kilobytes) => {
    const loaded = `require('${entry}');
      console.log(JSON.stringify(Object.keys(require.cache).filter((file) => file.includes('http-larder/dist'))));`;
    const files: readonly string[] = JSON.parse(installation.node('-e', loaded));
    const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
    expect(files.length).toBeLessThanOrEqual(8);
    expect(bytes / 1024).toBeLessThanOrEqual(kilobytes);
  });

  it.each([
    ['http-larder', 340],
    ['http-larder/axios', 370],
    ['http-larder/got', 340],
    ['http-larder/memory', 25],
    ['http-larder/disk', 170],
    ['http-larder/cacache', 25],
    ['http-larder/redis', 60],
    ['http-larder/tiered', 45],
    ['http-larder/testing', 400],
  ])('imports %s from few files, with at most %i KB of our own code', (entry, kilobytes) => {
    const files = modulesOf(join(installation.packagePath, 'dist/esm', moduleOf(installation, entry)));
    const bytes = [...files].reduce((sum, file) => sum + statSync(file).size, 0);
    expect(files.size).toBeLessThanOrEqual(10);
    expect(bytes / 1024).toBeLessThanOrEqual(kilobytes);
  });

  it.each(dualEntries)('tells compilers of `require` that %s was an ES module', (entry) => {
    const told = installation.node('-e', `console.log(require('${entry}').__esModule)`);
    expect(told.trim()).toBe('true');
  });

  it('loads as a whole under `require` with nothing but CommonJS', () => {
    const all = dualEntries.map(([entry]) => `require('${entry}');`).join('');
    expect(() => installation.node('--no-experimental-require-module', '-e', all)).not.toThrow();
  });

  it.each(entries)('throws one sentence for %s under the `browser` condition', (entry, names) => {
    const named = `import { ${names.join(', ')} } from '${entry}';`;
    expect(() => installation.node('-C', 'browser', '--input-type=module', '-e', named)).toThrow(
      sentence(entry),
    );
  });

  it.each(dualEntries)('throws that sentence to `require` too: %s', (entry) => {
    expect(() => installation.node('-C', 'browser', '-e', printRequire, entry)).toThrow(sentence(entry));
  });

  it('holds what its source maps name, its notices, and no scripts that run when it is installed', () => {
    const files = readdirSync(installation.packagePath, { recursive: true, encoding: 'utf8' });
    const maps = files.filter((file) => file.endsWith('.map'));
    const sources = maps.flatMap((file) => {
      const map: { sources: readonly string[] } = JSON.parse(
        readFileSync(join(installation.packagePath, file), 'utf8'),
      );
      return map.sources.map((source) => join(installation.packagePath, dirname(file), source));
    });
    expect(maps.length).toBeGreaterThan(20);
    expect(sources.filter((source) => !existsSync(source))).toEqual([]);

    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'NOTICE.md', 'README.md', 'package.json']));
    expect(files.filter((file) => /^(test|bench|demo|scripts|site)\b/.test(file))).toEqual([]);

    expect(files).toEqual(expect.arrayContaining(['CHANGELOG.md', 'SECURITY.md', 'docs/options.md']));
    expect(linkFaults(installation.packagePath)).toEqual([]);

    const { scripts } = JSON.parse(readFileSync(join(installation.packagePath, 'package.json'), 'utf8'));
    expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([]);
  });
});

describe('the installed package with a client missing', () => {
  it.each([
    [
      'axios',
      ['got', 'cacache'],
      ['http-larder', 'http-larder/got', 'http-larder/memory', 'http-larder/disk'],
    ],
    [
      'got',
      ['axios', 'cacache'],
      ['http-larder', 'http-larder/axios', 'http-larder/memory', 'http-larder/disk'],
    ],
    ['any of them', [], ['http-larder', 'http-larder/memory', 'http-larder/disk', 'http-larder/testing']],
  ])('loads without %s', (_missing, packages, loadable) => {
    using installation = installPackage(packages);
    for (const entry of loadable) expect(imported(installation, entry).length).toBeGreaterThan(0);
  });

  it.each([
    ['--input-type=module', `await import('http-larder/axios')`] as const,
    ['-e', `require('http-larder/axios')`],
  ])('names axios where http-larder/axios finds none (%s)', (...how) => {
    using installation = installPackage(['got']);
    const args = how[0] === '-e' ? how : [how[0], '-e', how[1]];
    expect(() => installation.node(...args)).toThrow(/Cannot find (package|module) .*\baxios\b/);
  });

  it('says what is missing when http-larder/cacache has no cacache', () => {
    using installation = installPackage([]);
    const store = `const { CacacheManager } = require('http-larder/cacache');
      const path = require('node:path').resolve('cache');
      new CacacheManager({ path }).get('key').then(console.log, (error) => { throw error; });`;
    expect(() => installation.node('-e', store)).toThrow('install it with npm install cacache');
  });
});

describe('two copies of the package in one process', () => {
  const script = `
    import { createServer } from 'node:http';
    import { once } from 'node:events';
    import { createRequire } from 'node:module';
    import got from 'got';
    import { gotCache } from 'http-larder/got';

    const require = createRequire(import.meta.url);
    const { HttpCache } = require('http-larder');
    const { installCache } = require('http-larder/axios');

    let requests = 0;
    const origin = createServer((request, response) => {
      requests += 1;
      response.writeHead(200, { 'Cache-Control': 'max-age=60' }).end('answer ' + requests);
    }).listen(0, '127.0.0.1');
    await once(origin, 'listening');
    const url = 'http://127.0.0.1:' + origin.address().port + '/';

    const cache = new HttpCache();
    const api = require('axios').create();
    installCache(api, { cache });
    const first = await api.get(url);
    const second = await got.extend(gotCache({ cache }))(url);
    console.log(JSON.stringify([first.data, second.body, second.isFromCache, requests]));
    origin.close();
    origin.closeAllConnections();`;

  it('share a cache: what CommonJS stored through axios is a hit for ESM through got', () => {
    using installation = installPackage(['axios', 'got']);
    const printed = installation.node('--input-type=module', '-e', script);
    expect(JSON.parse(printed)).toEqual(['answer 1', 'answer 1', true, 1]);
  });
});
