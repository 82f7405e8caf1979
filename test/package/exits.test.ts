import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installPackage, type Installation } from './installed-package.ts';

const use = (manager: string): string => `
  import { createServer } from 'node:http';
  import { once } from 'node:events';
  import axios from 'axios';
  import got from 'got';
  import { HostRateLimiter, HttpCache } from 'http-larder';
  import { installCache } from 'http-larder/axios';
  import { gotCache } from 'http-larder/got';
  import { StreamingManager } from 'http-larder/disk';
  import { MemoryManager } from 'http-larder/memory';

  export async function use() {
    const origin = createServer((request, response) => {
      response.writeHead(200, { 'Cache-Control': 'max-age=0, stale-while-revalidate=60', ETag: '"e"' }).end('answer');
    }).listen(0, '127.0.0.1');
    await once(origin, 'listening');
    const url = 'http://127.0.0.1:' + origin.address().port + '/';
    const rateLimiter = new HostRateLimiter({ perHost: { requests: 100, intervalMs: 60_000 } });
    const cache = new HttpCache({ manager: ${manager}, rateLimiter });
    const api = axios.create();
    installCache(api, { cache });
    const client = got.extend(gotCache({ cache }));
    for (let nth = 0; nth < 3; nth += 1) await Promise.all([api.get(url), client(url)]);
    await cache.idle();
    origin.close();
    origin.closeAllConnections();
  }
`;

describe.each([
  ['memory', 'new MemoryManager()'],
  ['disk', `new StreamingManager({ path: 'store' })`],
])('a process with a cache on %s', (_name, manager) => {
  let installation: Installation;
  beforeAll(() => {
    installation = installPackage(['axios', 'got']);
    writeFileSync(join(installation.path, 'use.mjs'), use(manager));
  });
  afterAll(() => installation[Symbol.dispose]());

  // A process that did not end would be killed, and have a signal.
  const run = (...args: readonly string[]): ReturnType<typeof spawnSync> =>
    spawnSync(process.execPath, args, { cwd: installation.path, encoding: 'utf8', timeout: 30_000 });

  it('ends by itself, without close()', () => {
    const script = `import { use } from './use.mjs'; await use();`;
    expect(run('--input-type=module', '-e', script)).toMatchObject({ status: 0, signal: null, stderr: '' });
  });

  it('ends by itself under node:test', () => {
    writeFileSync(
      join(installation.path, 'use.test.mjs'),
      `import { test } from 'node:test'; import { use } from './use.mjs'; test('it is used', use);`,
    );
    const { status, signal, stdout } = run('--test', 'use.test.mjs');
    expect([status, signal]).toEqual([0, null]);
    expect(String(stdout)).toContain('pass 1');
  });
});
