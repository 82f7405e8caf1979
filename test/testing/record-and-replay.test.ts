import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HttpCache } from '../../src/index.ts';
import { recordAndReplay, resetCache, SettableClock } from '../../src/testing/index.ts';
import { drain } from '../helpers/drain.ts';
import { startOrigin } from '../helpers/origin.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { clientRows, type Asked, type Client } from '../streams/clients.ts';
import { post, recordingWith, routes, textOf } from './recording.ts';

describe.each(clientRows)('recordAndReplay, $client', ({ connect }) => {
  const { withMode, both } = recordingWith(connect);

  it.each([
    ['/json', {}, '{"nth":1,"ü":"é"}'],
    ['/gzip', {}, 'packed'],
    ['/br', {}, 'packed, too'],
    ['/old', {}, '{"nth":1,"ü":"é"}'],
    ['/absent', {}, 'no such page'],
    ['/busy', {}, 'later'],
    ['/empty', {}, ''],
    ['/json', { method: 'HEAD' }, ''],
    ['/search', post('a'), 'found 1'],
  ] as const)('answers what was recorded without a network: %s %j', async (path, asked, expected) => {
    const answers = await both(async (client, url) => {
      const { status, headers, body } = await client.fetch(url + path, { anyStatus: true, ...asked });
      const { connection: _c, 'keep-alive': _k, age: _a, 'transfer-encoding': _t, ...others } = headers;
      return { status, headers: { ...others }, body: String(body) };
    });
    expect(answers[0].body).toBe(expected);
    const { 'content-length': length, ...headers } = answers[1].headers;
    expect({ ...answers[1], headers }).toEqual({
      ...answers[0],
      headers: (({ 'content-length': _l, ...rest }) => rest)(answers[0].headers),
    });
    expect([answers[0].headers['content-length'], undefined]).toContain(length);
  });

  it('keeps bodies byte by byte', async () => {
    const bodies = await both(async (client, url) => (await client.fetch(`${url}/picture`)).body);
    expect(bodies.map((body) => body.toString('hex'))).toEqual(['8950ff00', '8950ff00']);
  });

  it('records and replays streams', async () => {
    const bodies = await both(async (client, url) => {
      const { status, body } = await client.open(`${url}/long`);
      return `${status} ${String(await drain(body))}`;
    });
    expect(bodies[0]).toBe(`200 ${'a part of it, '.repeat(30_000)}`);
    expect(bodies[1]).toBe(bodies[0]);
  });

  it('answers who wants what is stored alone as a cache does: with 504 for what is not there', async () => {
    const answers = await both(async (client, url) => {
      const asked = { anyStatus: true, httpCache: { mode: 'only-if-cached' } } as const;
      const missing = await client.fetch(`${url}/json`, asked);
      await client.fetch(`${url}/page`);
      return [missing.status, (await client.fetch(`${url}/page`, asked)).status];
    });
    expect(answers).toEqual([
      [504, 200],
      [504, 200],
    ]);
  });

  it('records as it will replay: one answer for each request', async () => {
    const answers = await both(async (client, url) => [
      await textOf(client, `${url}/json`),
      await textOf(client, `${url}/json`, { httpCache: { mode: 'reload' } }),
      await textOf(client, `${url}/json`, { headers: { 'Cache-Control': 'no-cache' } }),
      await textOf(client, `${url}/search`, post('a')),
      await textOf(client, `${url}/search`, post('b')),
      await textOf(client, `${url}/search`, post('a')),
    ]);
    const json = '{"nth":1,"ü":"é"}';
    expect(answers[0]).toEqual([json, json, json, 'found 1', 'found 2', 'found 1']);
    expect(answers[1]).toEqual(answers[0]);
  });

  it('records only what is missing in the mode auto', async () => {
    await using folder = await tempDir();
    await using origin = await startOrigin(routes);
    const run = (): Promise<string[]> =>
      withMode(folder.path, 'auto', async (client) => [
        await textOf(client, `${origin.url}/json`),
        await textOf(client, `${origin.url}/absent`),
      ]);
    await withMode(folder.path, 'auto', (client) => textOf(client, `${origin.url}/json`));
    expect(await run()).toEqual(['{"nth":1,"ü":"é"}', 'no such page']);
    await run();
    expect([origin.count('/json'), origin.count('/absent')]).toEqual([1, 1]);
  });

  it('names the request that was not recorded, and what to do', async () => {
    await using folder = await tempDir();
    await using origin = await startOrigin(routes);
    const { url } = origin;
    await withMode(folder.path, 'record', async (client) => {
      await textOf(client, `${url}/json`);
      await textOf(client, `${url}/page`, { headers: { Accept: 'text/html' } });
      await textOf(client, `${url}/search`, post('a'));
    });
    origin.reset();
    const remedy = `in ${folder.path}: record it with the mode 'auto' or 'record'`;
    const json = { headers: { Accept: 'application/json' } };
    const expected = [
      ['/other', {}, `There is no fixture for GET ${url}/other ${remedy}`],
      ['/other', { method: 'HEAD' }, `There is no fixture for HEAD ${url}/other ${remedy}`],
      ['/page', json, `There is no fixture for GET ${url}/page with these header fields ${remedy}`],
      ['/search', post('c'), `There is no fixture for POST ${url}/search with this body ${remedy}`],
      ['/json', { method: 'DELETE' }, 'only GET, HEAD, POST and QUERY can be recorded'],
      ['/json', { httpCache: false }, `The fixture for GET ${url}/json in ${folder.path} cannot answer`],
    ] as const;
    await withMode(folder.path, 'replay', async (client) => {
      for (const [path, asked, message] of expected) {
        const failure: unknown = await textOf(client, url + path, asked).catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(Error);
        expect(failure).toMatchObject({
          message: expect.stringContaining(message),
          code: 'ERR_HTTP_CACHE_NO_FIXTURE',
        });
      }
    });
    expect(origin.count()).toBe(0);
  });

  it('minds the fields that select an answer, but not those that say who asks', async () => {
    await using folder = await tempDir();
    const origin = await startOrigin(routes);
    const html = { headers: { Accept: 'text/html' } };
    const json = { headers: { Accept: 'application/json' } };
    const as = (user: string): Asked => ({ headers: { Authorization: user, Cookie: `a=${user}` } });
    const ask = async (client: Client, users: readonly [string, string]): Promise<string[]> => [
      await textOf(client, `${origin.url}/page`, html),
      await textOf(client, `${origin.url}/page`, json),
      await textOf(client, `${origin.url}/page`, html),
      await textOf(client, `${origin.url}/whoever`, as(users[0])),
      await textOf(client, `${origin.url}/whoever`, as(users[1])),
    ];
    const pages = ['text/html 1', 'application/json 2', 'text/html 1'];
    const recorded = await withMode(folder.path, 'record', (client) => ask(client, ['Ann', 'Bob']));
    expect(recorded).toEqual([...pages, 'Ann 1', 'Ann 1']);
    await origin.close();
    const agent = { 'User-Agent': 'other', 'Accept-Encoding': 'gzip' };
    const replayed = await withMode(folder.path, 'replay', async (client) => [
      ...(await ask(client, ['Cid', 'Dan'])),
      await textOf(client, `${origin.url}/whoever`),
      await textOf(client, `${origin.url}/page`, { headers: { ...html.headers, ...agent } }),
    ]);
    expect(replayed).toEqual([...recorded, 'Ann 1', 'text/html 1']);
    const written = readdirSync(folder.path).filter((name) => !name.includes('.body.'));
    const texts = written.map((name) => readFileSync(join(folder.path, name), 'utf8')).join();
    expect(texts).not.toMatch(/Ann|Bob/);
  });

  it('gives an answer the same age in each run, whatever the clock says', async () => {
    await using folder = await tempDir();
    const origin = await startOrigin(routes);
    await withMode(folder.path, 'record', (client) => textOf(client, `${origin.url}/aged`));
    await origin.close();
    for (const now of [0, Date.UTC(2100, 0, 1)]) {
      const clock = new SettableClock(now);
      await using cache = new HttpCache({
        ...recordAndReplay({ folder: folder.path, mode: 'replay' }),
        clock,
        maxTtl: 1000,
        shared: true,
      });
      const { headers, info } = await connect(cache).fetch(`${origin.url}/aged`);
      expect([headers['age'], info?.outcome]).toEqual(['7', 'hit']);
    }
  });

  it('goes on to answer after a reset and after an invalidation', async () => {
    const answers = await both(async (client, url) => {
      const first = await textOf(client, `${url}/json`);
      return [first, await textOf(client, `${url}/json`)];
    });
    expect(answers[0]).toEqual(answers[1]);
    await using folder = await tempDir();
    await using origin = await startOrigin(routes);
    const url = `${origin.url}/json`;
    await withMode(folder.path, 'record', (client) => textOf(client, url));
    await withMode(folder.path, 'replay', async (client, cache) => {
      await cache.delete(url);
      expect(await textOf(client, url)).toBe('{"nth":1,"ü":"é"}');
      await resetCache(cache);
      expect(await textOf(client, url)).toBe('{"nth":1,"ü":"é"}');
    });
    expect(origin.count()).toBe(1);
  });

  it('judges the own conditions and ranges of requests by what was recorded', async () => {
    await using folder = await tempDir();
    const origin = await startOrigin(routes);
    await withMode(folder.path, 'record', (client) => textOf(client, `${origin.url}/json`));
    await origin.close();
    await withMode(folder.path, 'replay', async (client) => {
      const ask = (headers: Record<string, string>) =>
        client.fetch(`${origin.url}/json`, { anyStatus: true, headers });
      expect(await ask({ 'If-None-Match': '"e"' })).toMatchObject({ status: 304 });
      expect(await ask({ Range: 'bytes=0-5' })).toMatchObject({ status: 206, body: Buffer.from('{"nth"') });
    });
  });
});
