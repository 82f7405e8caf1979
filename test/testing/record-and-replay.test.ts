import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { HttpCache } from '../../src/index.ts';
import { recordAndReplay } from '../../src/testing/index.ts';
import { startOrigin, type Route } from '../helpers/origin.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { clientRows } from '../streams/clients.ts';

const routes: Readonly<Record<string, Route>> = {
  '/json': ({ response, nth }) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
    response.end(`{"nth":${nth},"ü":"é"}`);
  },
  '/gzip': ({ response }) => {
    response.writeHead(200, { 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' });
    response.end(gzipSync('packed'));
  },
  '/absent': ({ response }) => void response.writeHead(404).end('no such page'),
  '/search': ({ request, response }) => {
    request.resume();
    response.writeHead(200).end('found');
  },
};

describe.each(clientRows)('recordAndReplay, $client', ({ connect }) => {
  it('answers without a network what was recorded, and names what was not', async () => {
    await using folder = await tempDir();
    const origin = await startOrigin(routes);
    const recording = new HttpCache(recordAndReplay({ folder: folder.path, record: true }));
    const search = {
      method: 'POST',
      body: '{"q":1}',
      headers: { 'Content-Type': 'application/json' },
    } as const;
    const recorder = connect(recording);
    for (const path of ['/json', '/json', '/gzip', '/absent'])
      await recorder.fetch(`${origin.url}${path}`, { anyStatus: true });
    await recorder.fetch(`${origin.url}/search`, search);
    await recording.close();
    expect(origin.count('/json')).toBe(1);
    await origin.close();

    const replaying = new HttpCache(recordAndReplay({ folder: folder.path }));
    const player = connect(replaying);
    const answer = async (path: string, asked = {}): Promise<string> =>
      String((await player.fetch(`${origin.url}${path}`, { anyStatus: true, ...asked })).body);
    expect(await answer('/json')).toBe('{"nth":1,"ü":"é"}');
    expect(await answer('/gzip')).toBe('packed');
    expect(await answer('/absent')).toBe('no such page');
    expect(await answer('/search', search)).toBe('found');
    for (const [path, asked, named] of [
      ['/other', {}, 'GET'],
      ['/search', { ...search, body: '{"q":2}' }, 'POST'],
      ['/json', { method: 'DELETE' }, 'DELETE'],
    ] as const) {
      await expect(answer(path, asked)).rejects.toThrow(
        `There is no fixture for ${named} ${origin.url}${path} in ${folder.path}: run once with record: true`,
      );
    }
    await replaying.close();
  });

  it('writes fixtures that people can read and change', async () => {
    await using folder = await tempDir();
    await using origin = await startOrigin(routes);
    const recording = new HttpCache(recordAndReplay({ folder: folder.path, record: true }));
    await connect(recording).fetch(`${origin.url}/json?a=1`);
    await recording.close();

    const names = readdirSync(folder.path);
    expect(names).toEqual([expect.stringMatching(/^127\.0\.0\.1-\d+-json\.[0-9a-f]{16}\.json$/)]);
    const file = join(folder.path, names[0] ?? '');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      response: { status: 200, url: `${origin.url}/json?a=1` },
      body: { text: '{"nth":1,"ü":"é"}' },
    });

    writeFileSync(
      file,
      readFileSync(file, 'utf8')
        .replace(String.raw`\"nth\":1`, String.raw`\"nth\":100`)
        .replace(/\["Content-Length"[^\]]*\],?/, ''),
    );
    const replaying = new HttpCache(recordAndReplay({ folder: folder.path }));
    const { body } = await connect(replaying).fetch(`${origin.url}/json?a=1`);
    expect(String(body)).toBe('{"nth":100,"ü":"é"}');
    await replaying.close();
  });

  it('records anew, in place of what was there', async () => {
    await using folder = await tempDir();
    await using origin = await startOrigin(routes);
    writeFileSync(join(folder.path, 'notes.json'), 'mine');
    for (const nth of [1, 2]) {
      const recording = new HttpCache(recordAndReplay({ folder: folder.path, record: true }));
      const { body } = await connect(recording).fetch(`${origin.url}/json`);
      expect(JSON.parse(String(body))).toMatchObject({ nth });
      await recording.close();
    }
    expect(readdirSync(folder.path)).toHaveLength(2);
    expect(readFileSync(join(folder.path, 'notes.json'), 'utf8')).toBe('mine');
  });
});

describe('recordAndReplay', () => {
  it('refuses to replay a folder without fixtures', async () => {
    await using folder = await tempDir();
    expect(() => recordAndReplay({ folder: folder.path })).toThrow(
      'has no fixtures: run once with record: true',
    );
    expect(() => recordAndReplay({ folder: join(folder.path, 'absent') })).toThrow(TypeError);
  });

  it('says which fixture cannot be read', async () => {
    await using folder = await tempDir();
    const { manager } = recordAndReplay({ folder: folder.path, record: true });
    const file = join(folder.path, 'a.0123456789abcdef.json');
    for (const text of ['{', '{}', 'null']) {
      writeFileSync(file, text);
      await expect(async () => {
        for await (const entry of manager.entries?.() ?? []) expect(entry).toBeUndefined();
      }).rejects.toThrow(`The fixture ${file} cannot be read.`);
    }
  });
});
