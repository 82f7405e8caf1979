import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import axios from 'axios';
import { describe, expect, it } from 'vitest';
import { installCache } from '../../src/axios/index.ts';
import { HttpCache } from '../../src/index.ts';
import { recordAndReplay, type RecordAndReplayOptions } from '../../src/testing/index.ts';
import { startOrigin } from '../helpers/origin.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { clientRows } from '../streams/clients.ts';
import { recordingWith, routes, textOf } from './recording.ts';

describe.each(clientRows)('fixtures, $client', ({ connect }) => {
  const { withMode } = recordingWith(connect);

  it('keeps out of the fixtures what `cacheKey` leaves out of the URL', async () => {
    await using folder = await tempDir();
    const origin = await startOrigin(routes);
    const cacheKey = { ignoreQuery: ['api_key'] };
    const ask = async (mode: RecordAndReplayOptions['mode'], key: string): Promise<string> => {
      await using cache = new HttpCache({ ...recordAndReplay({ folder: folder.path, mode }), cacheKey });
      const body = await textOf(connect(cache), `${origin.url}/json?api_key=${key}&a=1`);
      await cache.idle();
      return body;
    };
    const recorded = await ask('record', 'hidden');
    await origin.close();
    expect(await ask('replay', 'another')).toBe(recorded);
    for (const name of readdirSync(folder.path)) {
      expect(name + readFileSync(join(folder.path, name), 'utf8')).not.toContain('hidden');
    }
  });

  it('writes fixtures that people can read and change', async () => {
    await using folder = await tempDir();
    await using origin = await startOrigin(routes);
    await withMode(folder.path, 'record', async (client) => {
      await textOf(client, `${origin.url}/br?a=1&b=2`, { headers: { 'X-Other': '1' } });
    });
    const names = readdirSync(folder.path);
    const stem = String.raw`^127\.0\.0\.1-\d+-GET-br-a-1-b-2\.[0-9a-f]{12}`;
    expect(names).toEqual([
      expect.stringMatching(new RegExp(String.raw`${stem}\.body\.html$`)),
      expect.stringMatching(new RegExp(String.raw`${stem}\.json$`)),
    ]);
    const [bodyFile = '', textFile = ''] = names.map((name) => join(folder.path, name));
    expect(readFileSync(bodyFile, 'utf8')).toBe('packed, too');
    const content = readFileSync(textFile, 'utf8');
    expect(JSON.parse(content)).toEqual({
      request: { method: 'GET', url: `${origin.url}/br?a=1&b=2` },
      response: {
        status: 200,
        statusText: 'OK',
        headers: expect.arrayContaining(['Content-Encoding: br', 'Content-Length: 15']),
        body: names[0],
      },
    });

    writeFileSync(bodyFile, 'changed by hand');
    writeFileSync(textFile, content.replace('"status": 200', '"status": 500'));
    await withMode(folder.path, 'replay', async (client) => {
      const answer = await client.fetch(`${origin.url}/br?a=1&b=2`, { anyStatus: true });
      expect([answer.status, String(answer.body)]).toEqual([500, 'changed by hand']);
    });
  });

  it('asks origins again when it records again, in place of what was there', async () => {
    await using folder = await tempDir();
    await using origin = await startOrigin(routes);
    writeFileSync(join(folder.path, 'notes.json'), 'mine');
    for (const nth of [1, 2]) {
      const body = await withMode(folder.path, 'record', (client) => textOf(client, `${origin.url}/json`));
      expect(JSON.parse(body)).toMatchObject({ nth });
    }
    expect(readdirSync(folder.path)).toHaveLength(3);
    expect(readFileSync(join(folder.path, 'notes.json'), 'utf8')).toBe('mine');
  });
});

describe('a folder of fixtures', () => {
  it('replays nothing where there is no folder, and says so with the first request', async () => {
    await using folder = await tempDir();
    const api = axios.create({ proxy: false });
    installCache(api, recordAndReplay({ folder: join(folder.path, 'none'), mode: 'replay' }));
    await expect(api.get('http://origin.invalid/a')).rejects.toThrow(
      `There is no fixture for GET http://origin.invalid/a in ${join(folder.path, 'none')}`,
    );
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('lists what was recorded', async () => {
    await using folder = await tempDir();
    await using origin = await startOrigin(routes);
    const cache = new HttpCache(recordAndReplay({ folder: folder.path, mode: 'record' }));
    const api = axios.create({ proxy: false });
    installCache(api, { cache });
    for (const Accept of ['text/html', 'application/json']) {
      await api.get(`${origin.url}/page`, { headers: { Accept } });
    }
    await api.get(`${origin.url}/empty`);
    await cache.idle();
    const listed: string[] = [];
    for await (const { head } of cache.entries()) listed.push(`${head.status} ${head.url}`);
    expect(listed).toEqual([`200 ${origin.url}/page`, `200 ${origin.url}/page`, `204 ${origin.url}/empty`]);
  });

  it.each([
    ['{', /JSON/],
    ['null', /it is null: give an object/],
    ['{"request":{}}', /response is undefined/],
    ['{"request":{},"response":{"status":99}}', /response\.status is 99: give a number from 200 to 999/],
    ['{"request":{"method":"GET","url":"/a"},"response":{"status":200}}', /absolute/],
    [
      '{"request":{"method":"GET","url":"http://a.test/"},"response":{"status":200,"headers":["A b: c"]}}',
      /A b/,
    ],
    [
      '{"request":{"method":"GET","url":"http://a.test/"},"response":{"status":200,"headers":[],"body":"../b"}}',
      /response\.body is "\.\.\/b"/,
    ],
    [
      '{"request":{"method":"GET","url":"http://a.test/"},"response":{"status":200,"headers":[],"body":"b"}}',
      /no such file/,
    ],
  ])('says which fixture cannot be used, and why: %s', async (content, why) => {
    await using folder = await tempDir();
    const file = join(folder.path, 'a.0123456789ab.json');
    writeFileSync(file, content);
    const replay = (): unknown => recordAndReplay({ folder: folder.path, mode: 'replay' });
    expect(replay).toThrow(`The fixture ${file} cannot be used: `);
    expect(replay).toThrow(why);
    expect(replay).toThrow(TypeError);
  });

  it.each([
    [{ folder: '' }, 'folder'],
    [{ folder: 'a', mode: 'play' }, 'mode'],
    [{ folder: 'a' }, 'mode'],
  ])('refuses %j', (options, name) => {
    expect(() => recordAndReplay(options as RecordAndReplayOptions)).toThrow(`The option ${name} is `);
  });

  it('fails at once where it cannot write', async () => {
    await using folder = await tempDir();
    const file = join(folder.path, 'file');
    writeFileSync(file, '');
    expect(() => recordAndReplay({ folder: join(file, 'fixtures'), mode: 'auto' })).toThrow(/ENOTDIR/);
  });
});
