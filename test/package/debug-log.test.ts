import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installPackage, type Installation } from './installed-package.ts';

const script = `
  import { createServer } from 'node:http';
  import { once } from 'node:events';
  import axios from 'axios';
  import got from 'got';
  import { HttpCache } from 'http-larder';
  import { installCache } from 'http-larder/axios';
  import { gotCache } from 'http-larder/got';

  const origin = createServer((request, response) => {
    response.writeHead(200, { 'Cache-Control': 'max-age=60' }).end('answer');
  }).listen(0, '127.0.0.1');
  await once(origin, 'listening');
  const url = 'http://127.0.0.1:' + origin.address().port + '/';
  const cache = new HttpCache();
  const headers = { Authorization: 'Bearer planted', Cookie: 'sid=planted', 'X-API-Key': 'planted' };
  const api = axios.create({ headers });
  installCache(api, { cache });
  const client = got.extend(gotCache({ cache }), { headers });
  await api.get(url + 'axios');
  await api.get(url + 'axios');
  await client(url + 'got');
  await client(url + 'got');
  await client.post(url + 'got', { body: 'planted' });
  await client(url + 'got', { context: { httpCache: { mode: 'no-store' } } });
  origin.close();
  origin.closeAllConnections();`;

describe('NODE_DEBUG', () => {
  let installation: Installation;
  beforeAll(() => {
    installation = installPackage(['axios', 'got']);
  });
  afterAll(() => installation[Symbol.dispose]());

  function linesWith(debug: string): string[] {
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: installation.path,
      encoding: 'utf8',
      env: { ...process.env, NODE_DEBUG: debug },
    });
    expect(child.status).toBe(0);
    return child.stderr
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.replace(/^HTTP-LARDER \d+: /, '').replace(/127\.0\.0\.1:\d+/, 'origin'));
  }

  it('with http-larder writes one line for each request, and says why', () => {
    const miss =
      'miss: nothing is stored for the target URI (RFC 9111 §4), 0 s old, fresh for 60 s; being stored';
    const hit = 'hit: it is fresh (RFC 9111 §4.2), 0 s old, fresh for 60 s';
    const lines = linesWith('http-larder').map((line) =>
      line.replace(/(0(\.\d)?|1) s old, fresh for (60|59(\.\d)?) s/, '0 s old, fresh for 60 s'),
    );
    expect(lines).toEqual([
      `GET http://origin/axios ${miss}`,
      `GET http://origin/axios ${hit}`,
      `GET http://origin/got ${miss}`,
      `GET http://origin/got ${hit}`,
      'http://origin/got was invalidated',
      'POST http://origin/got bypass: the method is neither GET nor HEAD (RFC 9111 §2)',
      'GET http://origin/got bypass: the mode is no-store',
    ]);
  });

  it('shows neither credentials nor bodies of requests', () => {
    expect(linesWith('http-larder').join()).not.toContain('planted');
  });

  it('without it writes nothing', () => {
    expect(linesWith('')).toEqual([]);
  });
});
