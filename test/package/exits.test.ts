import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installPackage, type Installation } from './installed-package.ts';

/** Asks an origin of its own through the cache, with everything that goes on behind a caller's back. */
const use = (manager: string, clients: readonly string[]): string => `
  async function use() {
    const origin = createServer((request, response) => {
      response.writeHead(200, { 'Cache-Control': 'max-age=0, stale-while-revalidate=60', ETag: '"e"' }).end('answer');
    }).listen(0, '127.0.0.1');
    await once(origin, 'listening');
    const url = 'http://127.0.0.1:' + origin.address().port + '/';
    try {
      const rateLimiter = new HostRateLimiter({ perHost: { requests: 100, intervalMs: 60_000 } });
      const cache = new HttpCache({ manager: ${manager}, rateLimiter });
      const clients = [${clients.join(', ')}];
      for (let nth = 0; nth < 3; nth += 1) await Promise.all(clients.map((ask) => ask(url)));
      if (cache.stats().hits === 0) throw new Error('The cache was not used.');
      // Node's own errors are no instances of the Error that modules have under jest.
      const refused = await clients[0]('http://127.0.0.1:1/').catch((error) => error.code);
      if (refused !== 'ECONNREFUSED') throw new Error('It failed with ' + refused);
      await cache.idle();
    } finally {
      origin.close();
      origin.closeAllConnections();
    }
  }
`;

const withAxios = `((api) => (installCache(api, { cache }), (url) => api.get(url)))(axios.create())`;
const withGot = `got.extend(gotCache({ cache }))`;

const asModule = (manager: string): string => `
  import { createServer } from 'node:http';
  import { once } from 'node:events';
  import axios from 'axios';
  import got from 'got';
  import { HostRateLimiter, HttpCache } from 'http-larder';
  import { installCache } from 'http-larder/axios';
  import { gotCache } from 'http-larder/got';
  import { StreamingManager } from 'http-larder/disk';
  import { MemoryManager } from 'http-larder/memory';
  ${use(manager, [withAxios, withGot])}
  export { use };
`;

const asCommonJs = (manager: string): string => `
  const { createServer } = require('node:http');
  const { once } = require('node:events');
  const axios = require('axios');
  const { HostRateLimiter, HttpCache } = require('http-larder');
  const { installCache } = require('http-larder/axios');
  const { StreamingManager } = require('http-larder/disk');
  const { MemoryManager } = require('http-larder/memory');
  ${use(manager, [withAxios])}
  test('it is used', use);
  test('it is used while timers are faked', async () => {
    jest.useFakeTimers();
    await use();
    jest.useRealTimers();
  });
`;

const underTest = (runner: string, mocks: string, fake: string, restore: string): string => `
  import { test, ${mocks} } from '${runner}';
  import { use } from './use.mjs';
  test('it is used', use);
  test('it is used while timers are faked', async () => {
    ${fake};
    await use();
    ${restore};
  });
`;

describe.each([
  ['memory', 'new MemoryManager()'],
  ['disk', `new StreamingManager({ path: 'store' })`],
])('a process with a cache on %s', (_name, manager) => {
  let installation: Installation;
  beforeAll(() => {
    installation = installPackage(['axios', 'got', 'jest', 'vitest']);
    write('package.json', '{}');
    write('use.mjs', asModule(manager));
    write('node.test.mjs', underTest('node:test', 'mock', 'mock.timers.enable()', 'mock.timers.reset()'));
    write('vitest.test.mjs', underTest('vitest', 'vi', 'vi.useFakeTimers()', 'vi.useRealTimers()'));
    write('jest.test.cjs', asCommonJs(manager));
  });
  afterAll(() => installation[Symbol.dispose]());

  const write = (name: string, text: string): void => writeFileSync(join(installation.path, name), text);
  // A process that did not end would be killed, and have a signal.
  const run = (...args: readonly string[]): ReturnType<typeof spawnSync> =>
    spawnSync(process.execPath, args, { cwd: installation.path, encoding: 'utf8', timeout: 30_000 });

  it('ends by itself, without close()', () => {
    const script = `import { use } from './use.mjs'; await use();`;
    expect(run('--input-type=module', '-e', script)).toMatchObject({ status: 0, signal: null, stderr: '' });
  });

  it('ends by itself under node:test', () => {
    const { status, signal, stdout } = run('--test', 'node.test.mjs');
    expect([status, signal]).toEqual([0, null]);
    expect(String(stdout)).toContain('pass 2');
  });

  it('ends by itself under vitest', () => {
    const { status, signal, stdout, stderr } = run(
      'node_modules/vitest/vitest.mjs',
      'run',
      'vitest.test.mjs',
    );
    expect([status, signal, String(stderr)]).toEqual([0, null, '']);
    expect(String(stdout)).toContain('2 passed');
  });

  it.each([['--runInBand'], ['--detectOpenHandles']])('ends by itself under jest %s, in CommonJS', (how) => {
    const jest = ['node_modules/jest/bin/jest.js', '--config={"transform":{},"testEnvironment":"node"}', how];
    const { status, signal, stdout, stderr } = run(...jest, '--runTestsByPath', 'jest.test.cjs');
    expect([status, signal, String(stdout)]).toEqual([0, null, '']);
    expect(String(stderr)).toContain('2 passed');
    expect(String(stderr)).not.toMatch(/did not exit|open handle/);
  });
});
